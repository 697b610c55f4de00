-- Puts messages into the queue that have no entry yet.
--
-- :batch json  [{"id": of the entry, "workspace_id", "contact_id", "message_id"}, ...]
--
-- Returns the entries that were made: [id, ...].
select json_group_array(json_extract(w.value, '$.id'))
  from json_each(:batch) w
 where not exists (select 1
                     from {queue} q
                    where q.contact_id = json_extract(w.value, '$.contact_id')
                      and q.message_id = json_extract(w.value, '$.message_id'));
insert or ignore into {queue} (id, workspace_id, contact_id, message_id, status, created_at, attempts, next_attempt_at)
select json_extract(w.value, '$.id'), json_extract(w.value, '$.workspace_id'), json_extract(w.value, '$.contact_id'),
       json_extract(w.value, '$.message_id'), 'pending', {now}, 0, {now}
  from json_each(:batch) w
 where not exists (select 1
                     from {queue} q
                    where q.contact_id = json_extract(w.value, '$.contact_id')
                      and q.message_id = json_extract(w.value, '$.message_id'))
