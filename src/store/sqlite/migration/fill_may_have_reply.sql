-- Sets `may_have_reply` for the waiting jobs with a recorded reply, and for the jobs in flight. Programs of before the
-- first revision do not.
update {queue}
   set may_have_reply = 1
 where not may_have_reply
   and (claim_token is not null or (status = 'pending' and ai_log_id is not null))
