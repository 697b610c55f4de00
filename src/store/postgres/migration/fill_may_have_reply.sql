-- Sets `may_have_reply` for a page of the waiting jobs with a recorded reply, and of the jobs in flight. Programs of
-- before the first revision do not.
--
-- :after text  the last id of the previous page; empty for the first page
--
-- Returns the last id of the page, or NULL at the end.
with page as (
  select u.id
    from ((select q.id
             from {queue} q
            where q.status = 'pending'
              and q.ai_log_id is not null
              and not q.may_have_reply
              and (:after = '' or q.id > nullif(:after, '')::uuid)
            order by q.id
            limit 2000)
          union all
          (select q.id
             from {queue} q
            where q.claim_token is not null
              and not q.may_have_reply
              and (:after = '' or q.id > nullif(:after, '')::uuid)
            order by q.id
            limit 2000)) u
   order by u.id
   limit 2000
), filled as (
  update {queue} q
     set may_have_reply = true
    from page p
   where q.id = p.id
     and (q.claim_token is not null or q.ai_log_id is not null)
)
select p.id::text from page p order by p.id desc limit 1
