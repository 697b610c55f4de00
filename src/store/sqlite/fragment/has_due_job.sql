-- True if the pending job of the row's workspace that is due first is due now.
--
-- {row} alias  with the workspace
(select {due_at} <= julianday('now')
   from {queue} q
  where q.status = 'pending' and {workspace} = {row}.workspace_id
  order by {due_at}
  limit 1)
