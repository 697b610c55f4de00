-- Finds the jobs whose claims forget.sql would end.
--
-- Returns at most 100 of them: [id, ...].
select coalesce(json_agg(f.id), '[]'::json)::text
  from (select q.id
          from {queue} q
         where q.claim_token is not null
           and q.status || '' <> 'processing'
           and coalesce(q.lease_until, '-infinity') <= statement_timestamp()
         limit 100) f
