-- Finds the jobs whose claims forget.sql would end.
--
-- Returns at most 100 of them: [id, ...].
select json_group_array(cast(f.id as text))
  from (select id
          from {queue}
         where claim_token is not null
           and status <> 'processing'
           and coalesce(julianday(lease_until), 0) <= julianday('now')
         limit 100) f
