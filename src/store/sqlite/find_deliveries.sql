-- Reads the host's record of replies in doubt. CROSS JOIN fixes the order of the join. Without it, the
-- planner may read the whole queue if it overestimates the number of replies in doubt.
--
-- :batch json  [{"id"}, ...]
--
-- Returns the same as the statement for PostgreSQL.
with doubtful as materialized (
  select q.id, q.workspace_id, q.contact_id, q.ai_log_id as log_id, cast(l.response as text) as text,
         min(coalesce(julianday(q.sent_at), julianday(l.created_at)),
             coalesce(julianday(l.created_at), julianday(q.sent_at))) as since
    from json_each(:batch) r
    join {queue} q on q.id = json_extract(r.value, '$.id')
    join {logs} l on l.id = q.ai_log_id
), others as materialized (
  select d.id, q.ai_log_id as log_id, cast(l.response as text) as text,
         min(coalesce(julianday(q.sent_at), julianday(l.created_at)),
             coalesce(julianday(l.created_at), julianday(q.sent_at))) as since,
         row_number() over (partition by d.id order by q.processed_at) as place
    from doubtful d
   cross join {queue} q on q.contact_id = d.contact_id and q.id <> d.id
    join {logs} l on l.id = q.ai_log_id
   where q.status = 'complete'
     and q.outcome like '{completed_note}%'
     and julianday(q.processed_at) >= d.since - 10.0 / 86400
), earliest as materialized (
  select d.id,
         min(d.since, coalesce((select min(o.since) from others o where o.id = d.id and o.place <= 100), d.since))
           - 10.0 / 86400 as since
    from doubtful d
)
select json_group_array(json_object(
         'id', d.id,
         'reply', json_object('log_id', d.log_id,
                              'text', d.text,
                              'since', cast(round((d.since - 2440587.5) * 86400000) as integer)),
         'others', json((
           select json_group_array(json_object(
                    'log_id', o.log_id,
                    'text', o.text,
                    'since', cast(round((o.since - 2440587.5) * 86400000) as integer)))
             from others o
            where o.id = d.id and o.place <= 100)),
         'messages', json((
           select json_group_array(json(k.row))
             from (select json_object(
                            'at', cast(round((julianday(m.created_at) - 2440587.5) * 86400000) as integer),
                            'body', substr(cast(m.body as text), 1, 20000),
                            'metadata', substr({m.metadata}, 1, 4000)) as row
                     from {messages} m
                    where m.contact_id = d.contact_id
                      and m.workspace_id = d.workspace_id
                      and m.direction = 'outbound'
                      and {message_was_sent}
                      -- The index serves this range. Texts of one day may differ in form or time zone.
                      and m.created_at >= strftime('%Y-%m-%d', e.since, '-1 day')
                      and julianday(m.created_at) >= e.since
                    order by julianday(m.created_at)
                    limit 400) k))))
  from doubtful d
  join earliest e on e.id = d.id
