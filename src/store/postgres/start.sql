-- Marks jobs as started, renews their leases, and reads the rows that they refer to. Leaves out jobs whose
-- token no longer holds. to_jsonb(row) ->> 'column' reads columns that a host's table may lack. The condition
-- on the token and the status matches no partial index on rows in flight. The planner might otherwise hash
-- all of them.
--
-- :batch json  [{"id", "token", "lease_ms"}, ...]
-- :message_types json  ["sms", ...] in lower case
-- :context_messages int  how many messages of a contact to read, the original included
-- :messages_since timestamptz  the messages of the jobs are looked for between these times, which spares the other
--   partitions of a host's messages; '-infinity' and 'infinity' look everywhere
-- :messages_until timestamptz
--
-- Returns {"jobs": [{"id", "workspace_id", "at", "age_ms", "since_created_ms", "since_sent_ms", "original", "history", "contact",
-- "recorded", "answered_elsewhere", "superseded", "short_texts_since", "sent_since", "spent"}, ...], "configs":
-- {"<workspace>": {...}}}. "at" is the present time in milliseconds since 1970.
with requested as (
  select r.* from jsonb_to_recordset(:batch::jsonb) as r(id uuid, token uuid, lease_ms bigint)
), started as (
  update {queue} q
     set started_at = coalesce(q.started_at, statement_timestamp()),
         lease_until = statement_timestamp() + r.lease_ms * interval '1 millisecond'
    from requested r
   where q.id = r.id
     and q.claim_token is not distinct from r.token
     and q.status || '' = 'processing'
  returning q.id, q.workspace_id, q.contact_id, q.message_id, q.ai_log_id, q.sent_at,
            q.created_at::timestamptz as created_at,
            coalesce(q.retried_at, q.created_at::timestamptz) as aged_from
), job as (
  select json_build_object(
           'id', s.id,
           'workspace_id', s.workspace_id,
           'at', (extract(epoch from statement_timestamp()) * 1000)::bigint,
           'age_ms', (extract(epoch from statement_timestamp() - s.aged_from) * 1000)::bigint,
           'since_created_ms', (extract(epoch from statement_timestamp() - s.created_at) * 1000)::bigint,
           'since_sent_ms', (extract(epoch from statement_timestamp() - s.sent_at) * 1000)::bigint,
           'original', original.row,
           'history', history.rows,
           'contact', contact.row,
           'recorded', recorded.row,
           'answered_elsewhere', exists (
             select 1
               from {queue} d
              where d.contact_id = s.contact_id
                and d.message_id = s.message_id
                and d.id <> s.id
                and ((d.status = 'complete' and (d.outcome is null or d.outcome like '{completed_note}%'))
                     or coalesce(d.sends, 0) > 0
                     or (d.claim_token is not null and d.status || '' = 'processing'))),
           'superseded', s.ai_log_id is not null and exists (
             select 1
               from {queue} d
              where d.contact_id = s.contact_id
                and d.id <> s.id
                and d.status = 'complete'
                and (d.outcome is null or d.outcome like '{completed_note}%')
                and d.created_at::timestamptz > s.created_at
                and d.processed_at::timestamptz > recorded.created_at),
           'short_texts_since', {short_texts_since job=s since=original.created_at},
           'sent_since', {sent_since job=s since=original.created_at},
           'spent', {spent workspace=s.workspace_id}) as row
    from started s
    left join lateral (
      select m as row from {messages} m
       where m.id = s.message_id
         and m.created_at between :messages_since::timestamptz and :messages_until::timestamptz
       limit 1) found on true
    left join lateral (
      select m.created_at,
             json_build_object(
               'id', m.id,
               'workspace_id', m.workspace_id,
               'contact_id', m.contact_id,
               'direction', m.direction,
               'body', left(m.body, 20000),
               'is_text', {message_is_text}) as row
        from (select r.*, to_jsonb(r) as document from (select (found.row).*) r offset 0) m
       where m.id is not null) original on true
    left join lateral (
      select json_agg(json_build_object('id', h.id, 'direction', h.direction, 'body', left(h.body, 20000))
                      order by h.created_at, h.id) as rows
        -- Messages before the original and after it, each part newest first from the index. A part reads as
        -- many rows as it needs, and at most 200: a contact may have a hundred thousand. LIMIT keeps the
        -- planner from turning a row into a document more than once.
        from (select m.*
                from (values ('-infinity', coalesce(original.created_at, 'infinity')),
                             (coalesce(original.created_at, 'infinity'), 'infinity')) as part (after, until)
               cross join lateral (
                 select m.id, m.direction, m.body, m.created_at
                   from (select r.id, r.direction, r.body, r.created_at, to_jsonb(r) as document
                           from {messages} r
                          where r.contact_id = s.contact_id
                            and r.workspace_id = s.workspace_id
                            and r.direction in ('inbound', 'outbound')
                            and r.created_at > part.after
                            and r.created_at <= part.until
                          order by r.created_at desc
                          limit 200) m
                  where {message_is_text}
                    and (m.direction = 'inbound' or {message_was_sent})
                    and not (m.direction = 'inbound'
                             and m.created_at > original.created_at
                             and exists (select 1 from {queue} e
                                          where e.contact_id = s.contact_id and e.message_id = m.id))
                  order by m.created_at desc
                  limit :context_messages::int) m
               order by m.created_at desc
               limit :context_messages::int) h
       where h.id is distinct from s.message_id) history on true
    left join lateral (
      select json_build_object('workspace_id', c.workspace_id,
                               'phone_number', c.phone_number,
                               'conversation_status', to_jsonb(c) ->> 'conversation_status',
                               'name', left(to_jsonb(c) ->> 'name', 200),
                               'firstname', left(to_jsonb(c) ->> 'firstname', 200),
                               'lastname', left(to_jsonb(c) ->> 'lastname', 200),
                               'timezone', to_jsonb(c) ->> 'timezone') as row
        from {contacts} c
       where c.id = s.contact_id
       limit 1) contact on true
    left join lateral (
      select json_build_object('log_id', l.id, 'text', l.response) as row,
             l.created_at::timestamptz as created_at
        from {logs} l
       where l.id = s.ai_log_id
       limit 1) recorded on true
), config as (
  -- One row per workspace counts: enabled before disabled, then the newest.
  select distinct on (c.workspace_id) c.workspace_id, to_jsonb(c) as row
    from {config} c
   where c.workspace_id in (select s.workspace_id from started s)
   order by c.workspace_id,
            (lower(coalesce(to_jsonb(c) ->> 'enabled', 'true')) not in {off_words}) desc,
            coalesce(to_jsonb(c) ->> 'updated_at', to_jsonb(c) ->> 'created_at') desc nulls last,
            to_jsonb(c) ->> 'id' desc nulls last
)
select json_build_object(
         'jobs', (select coalesce(json_agg(j.row), '[]'::json) from job j),
         'configs', (select coalesce(json_object_agg(c.workspace_id, json_build_object(
                       'enabled', lower(coalesce(c.row ->> 'enabled', 'true')) not in {off_words},
                       'provider', c.row ->> 'provider',
                       'model', c.row ->> 'model',
                       'system_prompt', c.row ->> 'system_prompt',
                       'temperature', c.row ->> 'temperature',
                       'max_tokens', c.row ->> 'max_tokens',
                       'api_key', c.row ->> 'api_key',
                       'base_url', c.row ->> 'base_url',
                       'fallback_provider', c.row ->> 'fallback_provider',
                       'fallback_model', c.row ->> 'fallback_model',
                       'fallback_api_key', c.row ->> 'fallback_api_key',
                       'fallback_base_url', c.row ->> 'fallback_base_url',
                       'business_name', c.row ->> 'business_name',
                       'timezone', c.row ->> 'timezone',
                       'quiet_hours', c.row ->> 'quiet_hours',
                       'daily_budget', c.row ->> 'daily_budget',
                       'shares_key_name', {shares_key_name})), '{}'::json)
                       from config c))::text
