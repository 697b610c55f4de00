-- Gives one page of existing pending rows their place in the queue: due since they were created.
-- :after is the last id of the page before, empty for the first. Returns the last id, NULL at the end.
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
