-- True if no older entry for the message of the row q is unfinished. Entries for one message are claimed
-- oldest first.
not exists (select 1
              from {queue} o
             where o.contact_id = q.contact_id
               and o.message_id = q.message_id
               and o.id <> q.id
               and (coalesce(julianday(o.created_at), 0), o.id) < (coalesce(julianday(q.created_at), 0), q.id)
               and (o.status = 'pending' or o.claim_token is not null))
