-- The indexes of the queue. Each is built alone and concurrently, so that the host goes on inserting.

-- Each workspace's jobs in the order in which they are claimed.
create index concurrently autoreply_queue_turn
    on {queue} (coalesce(workspace_id, ''), next_attempt_at, created_at, id) where status = 'pending';

-- Each contact's, so that a claim can step over a busy one.
create index concurrently autoreply_queue_waiting
    on {queue} (coalesce(workspace_id, ''), contact_id, next_attempt_at, created_at, id)
 where status = 'pending';

-- What is left to claim of a workspace whose provider is down.
create index concurrently autoreply_queue_recorded
    on {queue} (coalesce(workspace_id, ''), next_attempt_at, created_at, id)
 where status = 'pending' and ai_log_id is not null;

-- One job in flight a contact.
create unique index concurrently autoreply_queue_in_flight
    on {queue} (contact_id) where claim_token is not null;

-- The jobs of a contact and of one of its messages.
create index concurrently autoreply_queue_contact
    on {queue} (contact_id, message_id);

-- What counts against the limits. None of the three is partial, and the first has a form of its own: while the
-- statistics are older than the first claims, the planner would take a partial index for empty, and read all
-- of it for each contact.
create index concurrently autoreply_queue_claimed
    on {queue} ((claimed_at at time zone 'UTC'));
create index concurrently autoreply_queue_workspace_claimed
    on {queue} (coalesce(workspace_id, ''), claimed_at);
create index concurrently autoreply_queue_contact_claimed
    on {queue} (contact_id, claimed_at);
