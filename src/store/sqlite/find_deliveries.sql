-- Asks the host's own record about replies in doubt; see the statement of the same name for PostgreSQL.
-- :batch  [{"id"}, ...]
-- CROSS JOIN keeps the planner from reading all messages where it takes few to be many.
with doubtful as materialized (
  select q.id, q.workspace_id, q.contact_id, q.ai_log_id as log_id,
         {squeezed_response} as text,
         min(coalesce(julianday(q.sent_at), julianday(l.created_at)),
             coalesce(julianday(l.created_at), julianday(q.sent_at))) - 10.0 / 86400 as earliest
    from json_each(:batch) r
    join {queue} q on q.id = json_extract(r.value, '$.id')
    join {logs} l on l.id = q.ai_log_id
), sent as materialized (
  select d.id,
         coalesce({m.metadata}, '') like '%' || d.log_id || '%' as names_reply,
         coalesce({m.metadata}, '') like '%aiLogId%' as names_any,
         {squeezed_body} = d.text as same_text
    from doubtful d
   cross join {messages} m on m.contact_id = d.contact_id and m.workspace_id = d.workspace_id
   where m.direction = 'outbound'
     and {message_was_sent}
     and julianday(m.created_at) >= d.earliest
), taken as (
  select d.id, count(*) as messages
    from doubtful d
   cross join {queue} q on q.contact_id = d.contact_id and q.id <> d.id
    join {logs} l on l.id = q.ai_log_id
   where q.status = 'complete'
     and q.outcome like 'completed%'
     and julianday(q.processed_at) >= d.earliest
     and {squeezed_response} = d.text
     and not exists (
       select 1
         from {messages} m
        where m.contact_id = d.contact_id
          and m.workspace_id = d.workspace_id
          and m.direction = 'outbound'
          and {message_was_sent}
          and julianday(m.created_at) >= julianday(q.sent_at) - 10.0 / 86400
          and julianday(m.created_at) < d.earliest
          and {squeezed_body} = d.text)
   group by d.id
)
select json_group_array(d.id)
  from doubtful d
 where exists (select 1 from sent s where s.id = d.id and s.names_reply)
    or (select count(*) from sent s where s.id = d.id and s.same_text and not s.names_any)
       > coalesce((select t.messages from taken t where t.id = d.id), 0)
