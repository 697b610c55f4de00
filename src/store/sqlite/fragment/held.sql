-- Selects the jobs whose token holds: [id, ...].
--
-- :batch json  [{"id", "token"}, ...]
select json_group_array(q.id)
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
                and q.claim_token = json_extract(r.value, '$.token')
                and q.status = 'processing'
