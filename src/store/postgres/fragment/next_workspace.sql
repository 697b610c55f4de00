-- Selects (workspace_id, due) of the first pending job of the workspace that follows that of the row w of a walk.
select coalesce(q.workspace_id, '') as workspace_id, q.next_attempt_at <= statement_timestamp() as due
  from {queue} q
 where q.status = 'pending' and coalesce(q.workspace_id, '') > w.workspace_id
 order by coalesce(q.workspace_id, ''), q.next_attempt_at
 limit 1
