-- Counts due jobs to at most 1,000.
select cast(count(*) as text)
  from (select 1
          from {queue} q
         where ((q.status = 'pending' and {due_at} <= julianday('now'))
                or (q.claim_token is not null and q.status = 'processing'
                    and coalesce(julianday(q.lease_until), 0) <= julianday('now')))
           and {filter}
         limit 1000)
