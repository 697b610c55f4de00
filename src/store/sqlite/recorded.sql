-- What stands in the log for the jobs whose token still holds, and what may have changed since they started
-- and forbid the transmission: [{"id", "text", "age_ms", "contact", "short_texts_since", "sent_since", "enabled",
-- "at"}, ...].
--
-- :batch          as in record_log.sql
-- :message_types  as in start.sql
with noted as materialized (
  select q.id, q.workspace_id, q.contact_id, q.ai_log_id, q.created_at,
         coalesce((select julianday(o.created_at) from {messages} o where o.id = q.message_id),
                  julianday(q.created_at)) as asked_at
    from json_each(:batch) r
    join {queue} q on q.id = json_extract(r.value, '$.id')
                  and q.claim_token = json_extract(r.value, '$.token')
                  and q.status = 'processing'
)
select json_group_array(json_object(
         'id', h.id,
         'text', cast(l.response as text),
         'age_ms', cast(round((julianday('now') - julianday(h.created_at)) * 86400000) as integer),
         'contact', json((
           select json_object('workspace_id', cast(c.workspace_id as text),
                              'phone_number', cast(c.phone_number as text),
                              'conversation_status', {c.conversation_status})
             from {contacts} c
            where c.id = h.contact_id)),
         'short_texts_since', {short_texts_since},
         'sent_since', {sent_since},
         'enabled', coalesce((select max({config_is_enabled}) from {config} g
                               where g.workspace_id = h.workspace_id), 1),
         'at', cast(round((julianday('now') - 2440587.5) * 86400000) as integer)))
  from noted h
  left join {logs} l on l.id = h.ai_log_id
