-- Writes replies to the log and notes the transmissions that are about to begin. Leaves out jobs whose token
-- no longer holds. `sends` is set to a number and not counted up, so a repeated call changes nothing. A
-- transmission sets `outcome` to NULL: its result is unknown until the settlement.
--
-- :batch json  [{"id", "token", "lease_ms", "log_id", "sends", "transmits", "fresh", ...}, ...]; a fresh
--   reply also has "contact_id", "message_id", "provider", "model", "prompt", "response", "tokens_used", and
--   "cost" in dollars
-- :message_types json  ["sms", ...] in lower case
-- :messages_since timestamptz  a day before the oldest job of the batch, or '-infinity'; spares partitions
-- :messages_until timestamptz  a day after the newest, or 'infinity'
--
-- Returns [{"id", "text", "age_ms", "since_created_ms", "contact", "short_texts_since", "sent_since", "enabled", "at"}, ...] for
-- the jobs whose token holds. "text" is the reply in the log, or NULL if this call wrote it. "at" is the
-- present time in milliseconds since 1970. The other values may have changed since the start and may forbid
-- the transmission.
with requested as (
  select r.*
    from jsonb_to_recordset(:batch::jsonb)
      as r(id uuid, token uuid, lease_ms bigint, log_id uuid, sends int, transmits boolean, fresh boolean,
           workspace_id text, contact_id uuid, message_id uuid, provider text, model text,
           prompt text, response text, tokens_used bigint, cost numeric)
), held as (
  update {queue} q
     set ai_log_id = r.log_id,
         sends = r.sends,
         sent_at = case when r.transmits then statement_timestamp() else q.sent_at end,
         outcome = case when not r.transmits then q.outcome end,
         lease_until = statement_timestamp() + r.lease_ms * interval '1 millisecond'
    from requested r
   where q.id = r.id
     and q.claim_token is not distinct from r.token
     and q.status || '' = 'processing'
  returning q.id, q.workspace_id, q.contact_id, q.message_id, q.created_at::timestamptz as created_at,
            coalesce(q.retried_at, q.created_at::timestamptz) as aged_from
), asked as materialized (
  -- The time of the message, or of the job if no message within a day of it is found. Without MATERIALIZED, each use of
  -- it would look for the message again.
  select h.*, coalesce((select m.created_at
                          from {messages} m
                         where m.id = h.message_id
                           and m.created_at between h.created_at - interval '1 day'
                                                and h.created_at + interval '1 day'
                         and m.created_at between :messages_since::timestamptz and :messages_until::timestamptz
                         limit 1), h.created_at) as asked_at
    from held h
), logged as (
  insert into {logs} (id, workspace_id, contact_id, message_id, provider, model, prompt, response,
                      tokens_used, cost, created_at)
  select r.log_id, h.workspace_id, r.contact_id, r.message_id, r.provider, r.model, r.prompt, r.response,
         -- least() would turn NULL, an unknown number, into the maximum.
         case when r.tokens_used is not null then least(r.tokens_used, 2147483647)::int end, r.cost, statement_timestamp()
    from requested r
    join held h on h.id = r.id
   where r.fresh
      on conflict (id) do nothing
  returning id
), config as (
  select c.workspace_id, bool_or(lower(coalesce(to_jsonb(c) ->> 'enabled', 'true')) not in {off_words}) as enabled
    from {config} c
   where c.workspace_id in (select h.workspace_id from held h)
   group by c.workspace_id
)
select coalesce(json_agg(json_build_object(
         'id', h.id,
         'text', case when g.id is null
                      then (select l.response from {logs} l where l.id = r.log_id) end,
         'age_ms', (extract(epoch from statement_timestamp() - h.aged_from) * 1000)::bigint,
         'since_created_ms', (extract(epoch from statement_timestamp() - h.created_at) * 1000)::bigint,
         'contact', (select json_build_object('workspace_id', t.workspace_id,
                                              'phone_number', t.phone_number,
                                              'conversation_status', to_jsonb(t) ->> 'conversation_status',
                                              'timezone', to_jsonb(t) ->> 'timezone')
                       from {contacts} t
                      where t.id = h.contact_id
                      limit 1),
         'short_texts_since', {short_texts_since job=h since=h.asked_at},
         'sent_since', {sent_since job=h since=h.asked_at},
         'enabled', coalesce(c.enabled, true),
         'at', (extract(epoch from statement_timestamp()) * 1000)::bigint)), '[]'::json)::text
  from asked h
  join requested r on r.id = h.id
  left join logged g on g.id = r.log_id
  left join config c on c.workspace_id = h.workspace_id
