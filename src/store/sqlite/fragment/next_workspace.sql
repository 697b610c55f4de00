-- The workspace with pending jobs that follows that of the row w of a walk, or NULL.
(select min({workspace}) from {queue} q where q.status = 'pending' and {workspace} > w.workspace_id)
