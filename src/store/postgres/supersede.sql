-- Ends the waiting jobs of older messages that a reply, which is being settled as delivered, has also answered.
-- A job whose token does not hold ends none. The conditions on the status and the token match no partial index.
-- The planner might otherwise walk all waiting jobs.
--
-- :batch json  [{"id", "token", "answered": [message, ...]}, ...]; "id" is that of the delivered job
--
-- Returns the number of jobs that it ended.
with delivered as materialized (
  select d.id, d.workspace_id, d.contact_id, d.created_at, r.answered
    from jsonb_to_recordset(:batch::jsonb) as r(id uuid, token uuid, answered jsonb)
    join {queue} d on d.id = r.id
   where d.claim_token is not distinct from r.token
     and d.status || '' = 'processing'
), answered as materialized (
  select o.id
    from delivered d
   cross join lateral jsonb_array_elements_text(d.answered) m
   cross join lateral (
     select q.id
       from {queue} q
      where q.contact_id = d.contact_id
        and q.message_id = m::uuid
        and q.workspace_id = d.workspace_id
        and q.id <> d.id
        and q.created_at <= d.created_at) o
), ended as (
  update {queue} q
     set status = 'complete',
         processed_at = statement_timestamp(),
         error = null,
         outcome = '{superseded_note}'
    from answered a
   where q.id = a.id
     and q.status || '' = 'pending'
     and q.claim_token is null
  returning q.id
)
select count(*)::text from ended
