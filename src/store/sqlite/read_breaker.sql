-- Reads a breaker and the facts that a report needs.
--
-- :name text
-- :workspace_id text  of the report; empty if it has none
--
-- Returns {"now", "breaker", "lone_workspace", "others_due"}: the present time in milliseconds since 1970,
-- the breaker or NULL, whether no other workspace is configured, and whether another workspace has due jobs.
select json_object(
         'now', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
         'breaker', json((select {breaker_row} from autoreply_breakers b where b.name = :name)),
         'lone_workspace', not exists (select 1 from {config} c where c.workspace_id <> :workspace_id),
         'others_due', exists (select 1
                                 from {queue} q
                                where q.status = 'pending'
                                  and {workspace} > :workspace_id
                                  and {due_at} <= julianday('now'))
                       or exists (select 1
                                    from {queue} q
                                   where q.status = 'pending'
                                     and {workspace} < :workspace_id
                                     and {due_at} <= julianday('now')))
