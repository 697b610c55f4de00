-- Ends claims of rows that another service took out of `processing`. An operator or the old service may have
-- put them back to `pending` or finished them. Nothing can be written under their tokens any more, but the
-- contact counts as in flight while a token stands. The lease gives a worker time to stop sending.
--
-- {only} condition  begins with AND, or is empty
update {queue} q
   set claim_token = null,
       lease_until = null,
       started_at = case when q.status = 'pending' then null else q.started_at end
 where q.claim_token is not null
   and q.status || '' <> 'processing'
   and coalesce(q.lease_until, '-infinity') <= statement_timestamp()
   {only}
