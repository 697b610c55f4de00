-- What stands in the log for the jobs whose token still holds: [{"id", "text"}, ...].
select json_group_array(json_object('id', q.id, 'text', cast(l.response as text)))
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
                and q.claim_token = json_extract(r.value, '$.token')
                and q.status = 'processing'
  left join {logs} l on l.id = q.ai_log_id
