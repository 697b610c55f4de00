-- Gives existing pending rows their place in the queue, one page at a time: they have been due since their
-- creation.
--
-- :after text  the last id of the previous page; empty for the first page
--
-- Returns the last id of the page, or NULL at the end.
with page as (
  select q.id from {queue} q
   where :after = '' or q.id > nullif(:after, '')::uuid
   order by q.id
   limit 2000
), filled as (
  update {queue} q
     set next_attempt_at = q.created_at::timestamptz
    from page p
   where q.id = p.id
     and q.status = 'pending'
     and q.claim_token is null
     and q.created_at::timestamptz < q.next_attempt_at
)
select p.id::text from page p order by p.id desc limit 1
