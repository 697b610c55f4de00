-- Puts messages into the queue that still have neither an entry nor a later outbound message. The entry is as old as its
-- message, so people see how long the customer has waited, but its age counts from now.
--
-- :batch json  [{"id": of the entry, "workspace_id", "contact_id", "message_id", "position": of the message}, ...]
--
-- Returns how many entries were made.
insert or ignore into {queue} (id, workspace_id, contact_id, message_id, status, created_at, attempts, next_attempt_at,
                               retried_at)
select json_extract(w.value, '$.id'), json_extract(w.value, '$.workspace_id'), json_extract(w.value, '$.contact_id'),
       json_extract(w.value, '$.message_id'), 'pending',
       {iso_time time=json_extract(w.value,'$.position')/86400000.0}, 0, {now}, {now}
  from json_each(:batch) w
 where not exists (select 1
                     from {queue} q
                    where q.contact_id = json_extract(w.value, '$.contact_id')
                      and q.message_id = json_extract(w.value, '$.message_id'))
   and not exists (select 1
                     from {messages} m
                    where m.contact_id = json_extract(w.value, '$.contact_id')
                      and m.workspace_id = json_extract(w.value, '$.workspace_id')
                      and julianday(m.created_at) > json_extract(w.value, '$.position') / 86400000.0
                      and m.direction = 'outbound'
                      and {message_was_sent});
select cast(changes() as text)
