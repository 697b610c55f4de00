-- Ends the waiting jobs of older messages that a reply, which is being settled as delivered, has also answered.
-- A job whose token does not hold ends none.
--
-- :batch json  [{"id", "token", "answered": [message, ...]}, ...]; "id" is that of the delivered job
update {queue} q
   set status = 'complete',
       processed_at = statement_timestamp(),
       error = null,
       outcome = '{superseded_note}'
  from jsonb_to_recordset(:batch::jsonb) as r(id uuid, token uuid, answered jsonb)
  join {queue} d on d.id = r.id and d.claim_token = r.token and d.status || '' = 'processing'
 cross join lateral jsonb_array_elements_text(r.answered) m
 where q.contact_id = d.contact_id
   and q.message_id = m::uuid
   and q.workspace_id = d.workspace_id
   and q.id <> d.id
   and q.status = 'pending'
   and q.claim_token is null
   and q.created_at <= d.created_at
