-- Creates the indexes of the queue, each alone and concurrently. The host can insert rows meanwhile. Each names the
-- statements that need it. None may name a column that start, record or renew writes: these are HOT updates, which
-- add no index entries.

-- Each workspace's jobs, in the order of claims: claim/candidates, claim/next_workspaces, is_idle, lock_breakers.
create index concurrently autoreply_queue_turn
    on {queue} (coalesce(workspace_id, ''), next_attempt_at, created_at, id) where status = 'pending';

-- Each contact's jobs: claim/contacts, which steps over a busy contact, and fragment/newest.
create index concurrently autoreply_queue_waiting
    on {queue} (coalesce(workspace_id, ''), contact_id, next_attempt_at, created_at, id)
 where status = 'pending';

-- The jobs that can still be claimed if the provider of their workspace is down: claim/candidates. A claim sets `may_have_reply`,
-- and the settlement corrects it. The predicate does not name `ai_log_id`: the record of a reply would not be a HOT
-- update then.
create index concurrently autoreply_queue_with_reply
    on {queue} (coalesce(workspace_id, ''), next_attempt_at, created_at, id)
 where status = 'pending' and may_have_reply;

-- One job in flight per contact: its uniqueness for claim/take; the jobs in flight for claim/candidates,
-- claim/in_flight, claim/forget and is_idle.
create unique index concurrently autoreply_queue_in_flight
    on {queue} (contact_id) where claim_token is not null;

-- The jobs of a contact, and of one of its messages: start, supersede, fragment/no_elder, find_deliveries.
create index concurrently autoreply_queue_contact
    on {queue} (contact_id, message_id);

-- The claims that count against the limits. None of the three indexes is partial, and the first is on an
-- expression. While the statistics are older than the first claims, the planner would otherwise take such an
-- index for empty and read all of it for each contact.

-- Of all workspaces: claim/state.
create index concurrently autoreply_queue_claimed
    on {queue} ((claimed_at at time zone 'UTC'));

-- Of a workspace: claim/terms.
create index concurrently autoreply_queue_workspace_claimed
    on {queue} (coalesce(workspace_id, ''), claimed_at);

-- Of a contact: fragment/contact_has_room, claim/waiting. Also its recent replies: fragment/sent_since.
create index concurrently autoreply_queue_contact_claimed
    on {queue} (contact_id, claimed_at);
