-- Counts the jobs that runs may claim now, but for limits and breakers.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns their number as text.
select ((select count(*) from {queue} q
          where q.status = 'pending' and q.next_attempt_at <= statement_timestamp() and {filter})
        + (select count(*) from {queue} q
            where q.claim_token is not null and q.status || '' = 'processing'
              and q.lease_until <= statement_timestamp() and {filter}))::text
