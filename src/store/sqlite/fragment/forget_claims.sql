-- Ends claims of rows that another service took out of `processing`. See the fragment of the same name for
-- PostgreSQL.
--
-- {only} condition  begins with AND, or is empty
update {queue}
   set claim_token = null,
       lease_until = null,
       started_at = case when status = 'pending' then null else started_at end
 where claim_token is not null
   and status <> 'processing'
   and coalesce(julianday(lease_until), 0) <= julianday('now')
   {only}
