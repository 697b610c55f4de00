-- Finds out which of the host's tables exist, whether the queue is a table, and which of our columns and
-- tables are there.
--
-- Returns {"existing": [name, ...], "missing": [name, ...], "queue_is_table", "our_columns": their number,
-- "schema_table": whether our tables are beside the queue, "any_schema_table": whether they are in the search
-- path, "database": its name, address and role for people}.
select json_build_object(
         'existing', (select coalesce(json_agg(t.name), '[]'::json)
                        from unnest(array['{queue}', '{logs}', '{messages}', '{contacts}', '{config}'])
                          as t(name)
                       where to_regclass(t.name) is not null),
         'missing', (select coalesce(json_agg(t.name), '[]'::json)
                       from unnest(array['{queue}', '{logs}', '{messages}', '{contacts}', '{config}'])
                         as t(name)
                      where to_regclass(t.name) is null),
         'queue_is_table', coalesce((select c.relkind = 'r' from pg_class c
                                      where c.oid = to_regclass('{queue}')), false),
         'our_columns', (select count(*) from pg_attribute a
                          where a.attrelid = to_regclass('{queue}') and not a.attisdropped
                            and a.attname in ('next_attempt_at', 'claim_token', 'claimed_at',
                                              'started_at', 'lease_until', 'ai_log_id', 'sends',
                                              'sent_at', 'outcome', 'settled_token', 'may_have_reply',
                                              'retried_at', 'former_log_id', 'waits_for',
                                              'failures')),
         'schema_table', to_regclass('{own}autoreply_schema') is not null,
         'any_schema_table', to_regclass('autoreply_schema') is not null,
         'database', format('%s%s as role %s', current_database(),
                            coalesce(' at ' || host(inet_server_addr()) || ':' || inet_server_port(), ''),
                            current_user))::text
