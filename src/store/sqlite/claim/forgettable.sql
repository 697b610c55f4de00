-- Whose claims forget.sql would end, at most 100: [id, ...].
select json_group_array(cast(f.id as text))
  from (select id
          from {queue}
         where claim_token is not null
           and status <> 'processing'
           and coalesce(julianday(lease_until), 0) <= julianday('now')
         limit 100) f
