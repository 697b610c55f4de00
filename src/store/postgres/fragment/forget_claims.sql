-- Ends claims of rows that somebody else took out of `processing`: an operator or the old service that
-- put them back to `pending`, or finished them. Nothing can be written under their tokens any more, but
-- while one stands, the contact counts as in flight. The lease gives a worker the time to stop sending.
-- {only} restricts it to some jobs.
update {queue} q
   set claim_token = null,
       lease_until = null,
       started_at = case when q.status = 'pending' then null else q.started_at end
 where q.claim_token is not null
   and q.status || '' <> 'processing'
   and coalesce(q.lease_until, '-infinity') <= statement_timestamp()
   {only}
