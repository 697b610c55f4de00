-- True if the customer may have the reply of the row q, whether it waits or has failed. A definite refusal takes its
-- send back.
({in_doubt} or (q.status || '' = 'error' and q.ai_log_id is not null and coalesce(q.sends, 0) > 0))
