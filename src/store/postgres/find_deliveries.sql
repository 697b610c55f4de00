-- Reads the host's record of replies in doubt. `is_delivered` decides from it which of them went out.
--
-- :batch json  [{"id"}, ...]
--
-- Returns [{"id", "reply": {"log_id", "text", "since"}, "others": [reply, ...], "messages": [{"at", "body",
-- "metadata"}, ...]}, ...]. Times are milliseconds since 1970. "since" is the time of the last transmission
-- or of the log row, if that is earlier. "others" are replies to the same contact that were delivered since
-- then, at most 100. "messages" are the oldest outbound messages since the first of all these sends, at most
-- 400. Both allow for a clock of the host that is 10 s behind.
with doubtful as (
  select q.id, q.workspace_id, q.contact_id, q.ai_log_id::text as log_id, l.response as text,
         least(q.sent_at, l.created_at::timestamptz) as since
    from jsonb_to_recordset(:batch::jsonb) as r(id uuid)
    join {queue} q on q.id = r.id
    join {logs} l on l.id = q.ai_log_id
)
select coalesce(json_agg(json_build_object(
         'id', d.id,
         'reply', json_build_object('log_id', d.log_id,
                                    'text', d.text,
                                    'since', (extract(epoch from d.since) * 1000)::bigint),
         'others', others.rows,
         'messages', messages.rows)), '[]'::json)::text
  from doubtful d
  left join lateral (
    select json_agg(json_build_object('log_id', o.log_id,
                                      'text', o.text,
                                      'since', (extract(epoch from o.since) * 1000)::bigint)) as rows,
           min(o.since) as since
      from (select q.ai_log_id::text as log_id, l.response as text,
                   least(q.sent_at, l.created_at::timestamptz) as since
              from {queue} q
              join {logs} l on l.id = q.ai_log_id
             where q.contact_id = d.contact_id
               and q.id <> d.id
               and q.status = 'complete'
               and q.outcome like '{completed_note}%'
               and q.processed_at::timestamptz >= d.since - interval '10 seconds'
             order by q.processed_at
             limit 100) o) others on true
  left join lateral (
    select json_agg(json_build_object('at', (extract(epoch from m.created_at) * 1000)::bigint,
                                      'body', left(m.body, 20000),
                                      'metadata', left(m.document ->> 'metadata', 4000))
                    order by m.created_at) as rows
      from (select r.body, r.created_at, to_jsonb(r) as document
              from {messages} r
             where r.contact_id = d.contact_id
               and r.workspace_id = d.workspace_id
               and r.direction = 'outbound'
               and r.created_at >= least(d.since, others.since) - interval '10 seconds'
             order by r.created_at
             limit 400) m
     where {message_was_sent}) messages on true
