-- Puts messages into the queue that have no entry yet.
--
-- :batch json  [{"id": of the entry, "workspace_id", "contact_id", "message_id"}, ...]
--
-- Returns the entries that were made: [id, ...].
with wanted as (
  select r.* from jsonb_to_recordset(:batch::jsonb) as r(id uuid, workspace_id text, contact_id uuid, message_id uuid)
), made as (
  insert into {queue} (id, workspace_id, contact_id, message_id, status, created_at, attempts, next_attempt_at)
  select w.id, w.workspace_id, w.contact_id, w.message_id, 'pending', statement_timestamp(), 0, statement_timestamp()
    from wanted w
   where not exists (select 1 from {queue} q where q.contact_id = w.contact_id and q.message_id = w.message_id)
      on conflict do nothing
  returning id
)
select coalesce(json_agg(m.id), '[]'::json)::text from made m
