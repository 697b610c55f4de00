-- Creates the indexes of the queue, and drops those that they replace. indexes.sql for PostgreSQL says what
-- each is for.
create index if not exists autoreply_queue_turn
    on {queue} ({workspace}, {due_at}, {made_at}, id) where status = 'pending';
create index if not exists autoreply_queue_waiting
    on {queue} ({workspace}, contact_id, {due_at}, {made_at}, id) where status = 'pending';
create index if not exists autoreply_queue_with_reply
    on {queue} ({workspace}, {due_at}, {made_at}, id) where status = 'pending' and may_have_reply;
create unique index if not exists autoreply_queue_in_flight
    on {queue} (contact_id) where claim_token is not null;
create index if not exists autoreply_queue_contact on {queue} (contact_id, message_id);
create index if not exists autoreply_queue_claimed on {queue} (claimed_at) where claimed_at is not null;
create index if not exists autoreply_queue_workspace_claimed
    on {queue} ({workspace}, claimed_at) where claimed_at is not null;
create index if not exists autoreply_queue_contact_claimed
    on {queue} (contact_id, claimed_at) where claimed_at is not null;
drop index if exists autoreply_queue_due;
drop index if exists autoreply_queue_recorded
