-- Sets `may_have_reply` for some waiting jobs with a recorded reply. Programs of before the first revision do not.
-- Finds the jobs by the index of that schema.
--
-- Returns their number.
with page as (
  select q.id
    from {queue} q
   where q.status = 'pending'
     and q.ai_log_id is not null
     and not q.may_have_reply
   limit 2000
), filled as (
  update {queue} q
     set may_have_reply = true
    from page p
   where q.id = p.id
     and q.ai_log_id is not null
  returning q.id
)
select count(*)::text from filled
