-- Sets `may_have_reply` for the waiting jobs with a recorded reply. Programs of before the first revision do not.
update {queue} set may_have_reply = 1 where status = 'pending' and ai_log_id is not null and not may_have_reply
