-- Adds our columns to the queue, one per statement. No default is an expression: SQLite adds no such column
-- to a table that has rows. NULL in `next_attempt_at` means the time of `created_at`.
alter table {queue} add column next_attempt_at text;
alter table {queue} add column claim_token text;
alter table {queue} add column claimed_at text;
alter table {queue} add column started_at text;
alter table {queue} add column lease_until text;
alter table {queue} add column ai_log_id text;
alter table {queue} add column sends integer not null default 0;
alter table {queue} add column sent_at text;
alter table {queue} add column outcome text;
alter table {queue} add column settled_token text;
alter table {queue} add column may_have_reply integer not null default 0;
alter table {queue} add column retried_at text;
alter table {queue} add column former_log_id text;
alter table {queue} add column waits_for text;
alter table {queue} add column failures text;
