-- Ends the waiting jobs of older messages that a reply, which is being settled as delivered, has also answered.
-- A job whose token does not hold ends none.
--
-- :batch json  [{"id", "token", "answered": [message, ...]}, ...]; "id" is that of the delivered job
update {queue}
   set status = 'complete',
       processed_at = {now},
       error = null,
       outcome = '{superseded_note}'
 where id in (
   select q.id
     from json_each(:batch) r
     join {queue} d on d.id = json_extract(r.value, '$.id')
                   and d.claim_token = json_extract(r.value, '$.token')
                   and d.status = 'processing'
     join json_each(r.value, '$.answered') m
     join {queue} q on q.contact_id = d.contact_id and q.message_id = m.value
    where q.workspace_id = d.workspace_id
      and q.id <> d.id
      and q.status = 'pending'
      and q.claim_token is null
      and coalesce(julianday(q.created_at), 0) <= coalesce(julianday(d.created_at), 0))
