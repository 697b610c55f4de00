-- Marks jobs as started, renews their leases, and reads the rows that they refer to. Leaves out jobs whose
-- token no longer holds. A placeholder such as {m.column} stands for the column as text, or for NULL if the
-- host's table lacks it. Texts are cast: JSON takes no BLOB, and one in any row would fail the batch.
--
-- :batch json  [{"id", "token", "lease_ms"}, ...]
-- :message_types json  ["sms", ...] in lower case
-- :context_messages int  how many messages of a contact to read, the original included
--
-- Returns the same as the statement for PostgreSQL.
update {queue}
   set started_at = coalesce({queue}.started_at, {now}),
       lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', r.lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token,
               json_extract(value, '$.lease_ms') as lease_ms
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing';
with started as materialized (
  select q.id, q.workspace_id, q.contact_id, q.message_id, q.ai_log_id, q.sent_at, q.created_at,
         coalesce(q.retried_at, q.created_at) as aged_from,
         (select o.created_at from {messages} o where o.id = q.message_id) as asked_at
    from json_each(:batch) r
    join {queue} q on q.id = json_extract(r.value, '$.id')
                  and q.claim_token = json_extract(r.value, '$.token')
                  and q.status = 'processing'
)
select json_object(
  'jobs', json((select json_group_array(json_object(
    'id', s.id,
    'workspace_id', cast(s.workspace_id as text),
    'at', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
    'age_ms', cast(round((julianday('now') - julianday(s.aged_from)) * 86400000) as integer),
    'since_created_ms', cast(round((julianday('now') - julianday(s.created_at)) * 86400000) as integer),
    'since_sent_ms', cast(round((julianday('now') - julianday(s.sent_at)) * 86400000) as integer),
    'original', json((
      select json_object('id', m.id, 'workspace_id', cast(m.workspace_id as text),
                         'contact_id', cast(m.contact_id as text),
                         'direction', cast(m.direction as text),
                         'body', substr(cast(m.body as text), 1, 20000),
                         'is_text', {message_is_text})
        from {messages} m
       where m.id = s.message_id)),
    'history', json((
      select json_group_array(json(t.row))
        from (select h.row
                from (select m.id as id, julianday(m.created_at) as made_at,
                             json_object('id', m.id, 'direction', m.direction,
                                         'body', substr(cast(m.body as text), 1, 20000)) as row
                        -- At most 200 rows before the message and 200 after it, from the index. The order of
                        -- texts there is nearly that of the times that they represent.
                        from (select * from (
                                select r.*
                                  from {messages} r
                                 where r.contact_id = s.contact_id
                                   and r.workspace_id = s.workspace_id
                                   and r.direction in ('inbound', 'outbound')
                                   and r.created_at <= coalesce(s.asked_at, 'infinity')
                                 order by r.created_at desc
                                 limit 200)
                              union all
                              select * from (
                                select r.*
                                  from {messages} r
                                 where r.contact_id = s.contact_id
                                   and r.workspace_id = s.workspace_id
                                   and r.direction in ('inbound', 'outbound')
                                   and r.created_at > coalesce(s.asked_at, 'infinity')
                                 order by r.created_at desc
                                 limit 200)) m
                       where {message_is_text}
                         and (m.direction = 'inbound' or {message_was_sent})
                         and not (m.direction = 'inbound'
                                  and coalesce(julianday(m.created_at) > julianday(s.asked_at), 0)
                                  and exists (select 1 from {queue} e
                                               where e.contact_id = s.contact_id
                                                 and e.message_id = m.id))
                       order by julianday(m.created_at) desc, m.id desc
                       limit cast(:context_messages as integer)) h
               where h.id is not s.message_id
               order by h.made_at, h.id) t)),
    'contact', json((
      select json_object('workspace_id', cast(c.workspace_id as text),
                         'phone_number', cast(c.phone_number as text),
                         'conversation_status', {c.conversation_status},
                         'name', substr({c.name}, 1, 200),
                         'firstname', substr({c.firstname}, 1, 200),
                         'lastname', substr({c.lastname}, 1, 200),
                         'timezone', {c.timezone})
        from {contacts} c
       where c.id = s.contact_id)),
    'recorded', json((
      select json_object('log_id', l.id, 'text', cast(l.response as text)) from {logs} l where l.id = s.ai_log_id)),
    'answered_elsewhere', exists (
      select 1
        from {queue} d
       where d.contact_id = s.contact_id
         and d.message_id = s.message_id
         and d.id <> s.id
         and ((d.status = 'complete' and (d.outcome is null or d.outcome like '{completed_note}%'))
              or coalesce(d.sends, 0) > 0
              or (d.claim_token is not null and d.status = 'processing'))),
    'superseded', s.ai_log_id is not null and exists (
      select 1
        from {queue} d
       where d.contact_id = s.contact_id
         and d.id <> s.id
         and d.status = 'complete'
         and (d.outcome is null or d.outcome like '{completed_note}%')
         and julianday(d.created_at) > julianday(s.created_at)
         and julianday(d.processed_at) > (select julianday(l.created_at) from {logs} l
                                           where l.id = s.ai_log_id)),
    'short_texts_since', {short_texts_since job=s since=julianday(s.asked_at)},
    'sent_since', {sent_since job=s since=julianday(s.asked_at)},
    'spent', {spent workspace=s.workspace_id}))
    from started s)),
  'configs', json((select json_group_object(w.workspace_id, json(w.row))
    from (select n.workspace_id as workspace_id,
                 -- One row per workspace counts: enabled before disabled, then the newest.
                 (select json_object(
                           'enabled', {config_is_enabled},
                           'provider', {g.provider},
                           'model', {g.model},
                           'system_prompt', {g.system_prompt},
                           'temperature', {g.temperature},
                           'max_tokens', {g.max_tokens},
                           'api_key', {g.api_key},
                           'base_url', {g.base_url},
                           'fallback_provider', {g.fallback_provider},
                           'fallback_model', {g.fallback_model},
                           'fallback_api_key', {g.fallback_api_key},
                           'fallback_base_url', {g.fallback_base_url},
                           'business_name', {g.business_name},
                           'timezone', {g.timezone},
                           'quiet_hours', {g.quiet_hours},
                           'daily_budget', {g.daily_budget},
                           'shares_key_name', {shares_key_name})
                    from {config} g
                   where g.workspace_id = n.workspace_id
                   order by {config_is_enabled} desc,
                            coalesce(julianday({g.updated_at}), julianday({g.created_at}), 0) desc,
                            {g.id} desc
                   limit 1) as row
            from (select distinct workspace_id from started where workspace_id is not null) n) w
   where w.row is not null)))
