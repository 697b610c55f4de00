-- True if a retry of the row q discards its reply.
--
-- :regenerate int  1: discard a recorded reply
(q.ai_log_id is not null and cast(:regenerate as integer) = 1)
