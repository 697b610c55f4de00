-- What stands in the log for the jobs whose token still holds, and what may have changed since they started
-- and forbid the transmission: [{"id", "text", "conversation_status", "opted_out_since", "enabled", "at"}, ...].
select json_group_array(json_object(
         'id', q.id,
         'text', cast(l.response as text),
         'conversation_status', (select {c.conversation_status} from {contacts} c where c.id = q.contact_id),
         'opted_out_since', {opted_out_since},
         'enabled', coalesce((select max({config_is_enabled}) from {config} g
                               where g.workspace_id = q.workspace_id), 1),
         'at', cast(round((julianday('now') - 2440587.5) * 86400000) as integer)))
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
                and q.claim_token = json_extract(r.value, '$.token')
                and q.status = 'processing'
  left join {logs} l on l.id = q.ai_log_id
