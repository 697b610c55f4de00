-- True if the row q of the queue has been finished for long enough.
--
-- :older_ms int  how long
-- :statuses json  ["complete", "error"] or one of them
-- :workspaces json  [id, ...]; empty: all
q.status || '' in (select jsonb_array_elements_text(:statuses::jsonb))
and q.claim_token is null
and q.processed_at::timestamptz < statement_timestamp() - :older_ms::bigint * interval '1 millisecond'
and (:workspaces::jsonb = '[]'
     or coalesce(q.workspace_id, '') in (select jsonb_array_elements_text(:workspaces::jsonb)))
