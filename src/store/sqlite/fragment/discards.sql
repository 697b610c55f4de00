-- True if a retry of the row q discards its reply.
--
-- :regenerate int  1: discard a recorded reply
-- :selection json  as in fragment/selected.sql
(q.ai_log_id is not null and cast(:regenerate as integer) = 1
 and (not {may_have_arrived} or json_extract(:selection, '$.delivery_unknown') is not null))
