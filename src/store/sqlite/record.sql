-- Writes replies to the log and notes the transmissions that are about to begin. Leaves out jobs whose token
-- no longer holds. A log row that exists stays. `sends` is set to a number and not counted up, so a repeated
-- call changes nothing. A transmission sets `outcome` to NULL: its result is unknown until the settlement.
--
-- :batch json  [{"id", "token", "lease_ms", "log_id", "sends", "transmits", "fresh", ...}, ...]; a fresh
--   reply also has "contact_id", "message_id", "provider", "model", "prompt", "response", "tokens_used", and
--   "cost" in dollars
-- :message_types json  ["sms", ...] in lower case
--
-- Returns [{"id", "text", "age_ms", "since_created_ms", "contact", "short_texts_since", "sent_since", "enabled", "at"}, ...] for
-- the jobs whose token holds. "text" is the reply in the log. "at" is the present time in milliseconds since
-- 1970. The other values may have changed since the start and may forbid the transmission.
insert into {logs} (id, workspace_id, contact_id, message_id, provider, model, prompt, response,
                    tokens_used, cost, created_at)
select json_extract(r.value, '$.log_id'), q.workspace_id,
       json_extract(r.value, '$.contact_id'), json_extract(r.value, '$.message_id'),
       json_extract(r.value, '$.provider'), json_extract(r.value, '$.model'),
       json_extract(r.value, '$.prompt'), json_extract(r.value, '$.response'),
       json_extract(r.value, '$.tokens_used'), json_extract(r.value, '$.cost'), {now}
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
                and q.claim_token = json_extract(r.value, '$.token')
                and q.status = 'processing'
 where json_extract(r.value, '$.fresh')
    on conflict (id) do nothing;
update {queue}
   set ai_log_id = r.log_id,
       sends = r.sends,
       sent_at = case when r.transmits then {now} else {queue}.sent_at end,
       outcome = case when not r.transmits then {queue}.outcome end,
       lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', r.lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token,
               json_extract(value, '$.log_id') as log_id, json_extract(value, '$.sends') as sends,
               json_extract(value, '$.transmits') as transmits,
               json_extract(value, '$.lease_ms') as lease_ms
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing';
with noted as materialized (
  select q.id, q.workspace_id, q.contact_id, q.ai_log_id, q.created_at,
         coalesce(q.retried_at, q.created_at) as aged_from,
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
         'since_created_ms', cast(round((julianday('now') - julianday(h.created_at)) * 86400000) as integer),
         'age_ms', cast(round((julianday('now') - julianday(h.aged_from)) * 86400000) as integer),
         'contact', json((
           select json_object('workspace_id', cast(c.workspace_id as text),
                              'phone_number', cast(c.phone_number as text),
                              'conversation_status', {c.conversation_status},
                              'timezone', {c.timezone})
             from {contacts} c
            where c.id = h.contact_id)),
         'short_texts_since', {short_texts_since job=h since=h.asked_at},
         'sent_since', {sent_since job=h since=h.asked_at},
         'enabled', coalesce((select max({config_is_enabled}) from {config} g
                               where g.workspace_id = h.workspace_id), 1),
         'at', cast(round((julianday('now') - 2440587.5) * 86400000) as integer)))
  from noted h
  left join {logs} l on l.id = h.ai_log_id
