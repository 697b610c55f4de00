-- Puts messages into the queue that still have neither an entry nor a later outbound message. The entry is as old as its
-- message, so people see how long the customer has waited, but its age counts from now.
--
-- :batch json  [{"id": of the entry, "workspace_id", "contact_id", "message_id", "position": of the message}, ...]
--
-- Returns how many entries were made.
with wanted as (
  select r.* from jsonb_to_recordset(:batch::jsonb)
    as r(id uuid, workspace_id text, contact_id uuid, message_id uuid, position timestamptz)
), made as (
  insert into {queue} (id, workspace_id, contact_id, message_id, status, created_at, attempts, next_attempt_at, retried_at)
  select w.id, w.workspace_id, w.contact_id, w.message_id, 'pending', w.position, 0, statement_timestamp(),
         statement_timestamp()
    from wanted w
   where not exists (select 1 from {queue} q where q.contact_id = w.contact_id and q.message_id = w.message_id)
     and not exists (select 1
                       from (select to_jsonb(o) as document
                               from {messages} o
                              where o.contact_id = w.contact_id
                                and o.workspace_id = w.workspace_id
                                and o.created_at > w.position
                                and o.direction || '' = 'outbound') m
                      where {message_was_sent})
      on conflict do nothing
  returning 1
)
select count(*)::text from made
