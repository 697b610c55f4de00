-- The breaker called :name, or NULL, the present time, and what a report of :workspace_id must know; see the
-- statement of the same name for PostgreSQL.
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
