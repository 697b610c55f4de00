-- Reads a breaker and the facts that a report needs.
--
-- :name text
-- :workspace_id text  of the report; empty if it has none
--
-- Returns {"now", "breaker", "lone_workspace", "others_due"}: the present time in milliseconds since 1970,
-- the breaker or NULL, whether no other workspace is configured, and whether another workspace has due jobs.
select json_build_object(
         'now', (extract(epoch from statement_timestamp()) * 1000)::bigint,
         'breaker', (select {breaker_row} from autoreply_breakers b where b.name = :name),
         'lone_workspace', not exists (select 1 from {config} c where c.workspace_id <> :workspace_id),
         'others_due', exists (select 1
                                 from {queue} q
                                where q.status = 'pending'
                                  and coalesce(q.workspace_id, '') > :workspace_id
                                  and q.next_attempt_at <= statement_timestamp())
                       or exists (select 1
                                    from {queue} q
                                   where q.status = 'pending'
                                     and coalesce(q.workspace_id, '') < :workspace_id
                                     and q.next_attempt_at <= statement_timestamp()))::text
