-- Creates the indexes of the queue, each alone and concurrently. The host can insert rows meanwhile.

-- Each workspace's jobs, in the order of claims.
create index concurrently autoreply_queue_turn
    on {queue} (coalesce(workspace_id, ''), next_attempt_at, created_at, id) where status = 'pending';

-- Each contact's jobs. A claim can step over a busy contact.
create index concurrently autoreply_queue_waiting
    on {queue} (coalesce(workspace_id, ''), contact_id, next_attempt_at, created_at, id)
 where status = 'pending';

-- The jobs that can still be claimed if the provider of their workspace is down.
create index concurrently autoreply_queue_recorded
    on {queue} (coalesce(workspace_id, ''), next_attempt_at, created_at, id)
 where status = 'pending' and ai_log_id is not null;

-- One job in flight per contact.
create unique index concurrently autoreply_queue_in_flight
    on {queue} (contact_id) where claim_token is not null;

-- The jobs of a contact, and of one of its messages.
create index concurrently autoreply_queue_contact
    on {queue} (contact_id, message_id);

-- The claims that count against the limits. None of the three indexes is partial, and the first is on an
-- expression. While the statistics are older than the first claims, the planner would otherwise take such an
-- index for empty and read all of it for each contact.
create index concurrently autoreply_queue_claimed
    on {queue} ((claimed_at at time zone 'UTC'));
create index concurrently autoreply_queue_workspace_claimed
    on {queue} (coalesce(workspace_id, ''), claimed_at);
create index concurrently autoreply_queue_contact_claimed
    on {queue} (contact_id, claimed_at);
