-- True if no older entry for the message of the row q is unfinished. Entries for one message are claimed
-- oldest first.
not exists (select 1
              from {queue} o
             where o.contact_id = q.contact_id
               and o.message_id = q.message_id
               and o.id <> q.id
               and (o.created_at, o.id) < (q.created_at, q.id)
               and (o.status || '' = 'pending' or o.claim_token is not null))
