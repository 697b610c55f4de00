create index if not exists autoreply_queue_due
    on {queue} ({due_at}, {made_at}, id) where status = 'pending';
create unique index if not exists autoreply_queue_in_flight
    on {queue} (contact_id) where claim_token is not null;
create index if not exists autoreply_queue_contact on {queue} (contact_id, message_id)
