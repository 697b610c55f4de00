-- Asks the host's own record about replies in doubt: which of them did go out?
--
-- :batch  [{"id"}, ...]
--
-- Returns [id, ...]. Proof is an outbound message that names the reply's log id in its metadata; or one
-- with the same text but for white space, made no earlier than 10 s before the first send (the host's clock
-- may be behind). Where other replies of the contact have the same text, each of those delivered since then
-- has one such message to itself, unless one from before that time can be its own.
with doubtful as (
  select q.id, q.workspace_id, q.contact_id, q.ai_log_id::text as log_id,
         {squeezed_response} as text,
         least(q.sent_at, l.created_at::timestamptz) - interval '10 seconds' as earliest
    from jsonb_to_recordset(:batch::jsonb) as r(id uuid)
    join {queue} q on q.id = r.id
    join {logs} l on l.id = q.ai_log_id
), sent as (
  select d.id, s.names_reply, s.names_any, s.same_text
    from doubtful d
    cross join lateral (
      select coalesce(m.document ->> 'metadata', '') like '%' || d.log_id || '%' as names_reply,
             coalesce(m.document ->> 'metadata', '') like '%aiLogId%' as names_any,
             {squeezed_body} = d.text as same_text
        from (select r.body, to_jsonb(r) as document
                from {messages} r
               where r.contact_id = d.contact_id
                 and r.workspace_id = d.workspace_id
                 and r.direction = 'outbound'
                 and r.created_at >= d.earliest
              offset 0) m
       where {message_was_sent}) s
), taken as (
  select d.id, count(*) as messages
    from doubtful d
    join {queue} q on q.contact_id = d.contact_id and q.id <> d.id
    join {logs} l on l.id = q.ai_log_id
   where q.status = 'complete'
     and q.outcome like 'completed%'
     and q.processed_at::timestamptz >= d.earliest
     and {squeezed_response} = d.text
     and not exists (
       select 1
         from (select r.body, to_jsonb(r) as document
                 from {messages} r
                where r.contact_id = d.contact_id
                  and r.workspace_id = d.workspace_id
                  and r.direction = 'outbound'
                  and r.created_at >= q.sent_at - interval '10 seconds'
                  and r.created_at < d.earliest
               offset 0) m
        where {message_was_sent}
          and {squeezed_body} = d.text)
   group by d.id
)
select coalesce(json_agg(d.id), '[]'::json)::text
  from doubtful d
 where exists (select 1 from sent s where s.id = d.id and s.names_reply)
    or (select count(*) from sent s where s.id = d.id and s.same_text and not s.names_any)
       > coalesce((select t.messages from taken t where t.id = d.id), 0)
