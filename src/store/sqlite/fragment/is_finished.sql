-- True if the row q of the queue has been finished for long enough.
--
-- :older_ms int  how long
-- :statuses json  ["complete", "error"] or one of them
-- :workspaces json  [id, ...]; empty: all
q.status in (select value from json_each(:statuses))
and q.claim_token is null
and julianday(q.processed_at) < julianday('now') - :older_ms / 86400000.0
and (json_array_length(:workspaces) = 0
     or coalesce(cast(q.workspace_id as text), '') in (select value from json_each(:workspaces)))
