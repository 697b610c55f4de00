-- Counts due jobs to at most 1,000.
select count(*)::text
  from (select 1
          from {queue} q
         where ((q.status = 'pending' and q.next_attempt_at <= statement_timestamp())
                or (q.claim_token is not null and q.status || '' = 'processing'
                    and q.lease_until <= statement_timestamp()))
           and {filter}
         limit 1000) due
