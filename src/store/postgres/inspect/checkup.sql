-- Looks at the host's data and at the queue for what may keep customers waiting.
--
-- Returns {"now": milliseconds since 1970, "directions": [{"value", "rows"}, ...], "message_types", "contact_statuses":
-- the same, of some thousand rows, "workspaces": [id, ...] with a configuration, "unconfigured": [id, ...] that have
-- pending jobs and none, "pending", "old_jobs", "foreign", "lapsed", "created_in_hour", "finished_in_hour",
-- "longest_transaction_ms": of another session that this role may see, or NULL}.
with message as materialized (
  select coalesce(to_jsonb(m) ->> 'direction', '') as direction, coalesce(to_jsonb(m) ->> 'msg_type', '') as msg_type
    from {messages} m
   where m.created_at > statement_timestamp() - interval '7 days'
   limit 5000
), contact as materialized (
  select coalesce(to_jsonb(c) ->> 'conversation_status', '') as status from {contacts} c limit 5000
), configured as materialized (
  select distinct coalesce(g.workspace_id, '')::text as workspace_id from {config} g limit 1000
)
select json_build_object(
         'now', (extract(epoch from statement_timestamp()) * 1000)::bigint,
         'directions', (select coalesce(json_agg(v), '[]'::json)
                          from (select m.direction as value, count(*) as rows from message m group by 1
                                 order by 2 desc limit 20) v),
         'message_types', (select coalesce(json_agg(v), '[]'::json)
                             from (select m.msg_type as value, count(*) as rows from message m group by 1
                                    order by 2 desc limit 20) v),
         'contact_statuses', (select coalesce(json_agg(v), '[]'::json)
                                from (select c.status as value, count(*) as rows from contact c group by 1
                                       order by 2 desc limit 20) v),
         'workspaces', (select coalesce(json_agg(g.workspace_id order by g.workspace_id), '[]'::json) from configured g),
         'unconfigured', (select coalesce(json_agg(u.workspace_id), '[]'::json)
                            from (select distinct coalesce(q.workspace_id, '')::text as workspace_id
                                    from {queue} q
                                   where q.status = 'pending'
                                     and not exists (select 1 from {config} g where g.workspace_id = q.workspace_id)
                                   order by 1
                                   limit 20) u),
         'pending', (select count(*) from {queue} q where q.status = 'pending'),
         'old_jobs', (select count(*) from {queue} q
                       where q.status = 'pending'
                         and coalesce(q.retried_at, q.created_at::timestamptz) < statement_timestamp() - interval '1 day'),
         'foreign', (select count(*) from {queue} q
                      where q.status || '' = 'processing' and q.claim_token is null
                        and q.created_at::timestamptz < statement_timestamp() - interval '1 hour'),
         'lapsed', (select count(*) from {queue} q
                     where q.claim_token is not null
                       and q.lease_until < statement_timestamp() - interval '10 minutes'),
         'created_in_hour', (select count(*) from {queue} q
                              where q.created_at::timestamptz > statement_timestamp() - interval '1 hour'),
         'finished_in_hour', (select count(*) from {queue} q
                               where q.processed_at::timestamptz > statement_timestamp() - interval '1 hour'),
         'longest_transaction_ms', (select (extract(epoch from statement_timestamp() - min(a.xact_start)) * 1000)::bigint
                                      from pg_stat_activity a
                                     where a.backend_type = 'client backend'
                                       and a.pid <> pg_backend_pid()))::text
