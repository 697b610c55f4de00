-- Counts the jobs that runs may claim now, but for limits and breakers.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns their number as text.
select cast((select count(*) from {queue} q
              where q.status = 'pending' and {due_at} <= julianday('now') and {filter})
            + (select count(*) from {queue} q
                where q.claim_token is not null and q.status = 'processing'
                  and coalesce(julianday(q.lease_until), 0) <= julianday('now') and {filter}) as text)
