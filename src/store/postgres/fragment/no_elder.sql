-- Whether no older entry for the same message as the row q is unfinished: of several entries for one message
-- the oldest goes first.
not exists (select 1
              from {queue} o
             where o.contact_id = q.contact_id
               and o.message_id = q.message_id
               and o.id <> q.id
               and (o.created_at, o.id) < (q.created_at, q.id)
               and (o.status || '' = 'pending' or o.claim_token is not null))
