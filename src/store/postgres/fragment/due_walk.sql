-- Defines `walk` (workspace_id, due, found) of a recursive query: a walk from workspace to workspace in the index of
-- pending jobs, until as many of them have a due job as asked for. Looks at one job of each.
--
-- {wanted} expression  how many
walk (workspace_id, due, found) as (
  (select coalesce(q.workspace_id, ''), q.next_attempt_at <= statement_timestamp(),
          (q.next_attempt_at <= statement_timestamp())::int
     from {queue} q
    where q.status = 'pending'
    order by coalesce(q.workspace_id, ''), q.next_attempt_at
    limit 1)
  union all
  select n.workspace_id, n.due, w.found + n.due::int
    from walk w
   cross join lateral ({next_workspace}) n
   where w.found < {wanted})
