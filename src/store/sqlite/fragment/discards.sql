-- True if a retry of the row q discards its reply.
--
-- :selection json  as in fragment/selected.sql
(q.ai_log_id is not null and json_extract(:selection, '$.regenerate') is not null)
