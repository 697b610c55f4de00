-- Adds our columns to the queue by one ALTER, which locks the table once. A default that is the same for all
-- rows rewrites none of them (PostgreSQL 11 and later). The host can insert rows without knowing these
-- columns.
alter table {queue}
  add column if not exists next_attempt_at timestamptz not null default now(),
  add column if not exists claim_token uuid,
  add column if not exists claimed_at timestamptz,
  add column if not exists started_at timestamptz,
  add column if not exists lease_until timestamptz,
  add column if not exists ai_log_id uuid,
  add column if not exists sends integer not null default 0,
  add column if not exists sent_at timestamptz,
  add column if not exists outcome text,
  add column if not exists settled_token uuid,
  add column if not exists may_have_reply boolean not null default false,
  add column if not exists retried_at timestamptz,
  add column if not exists former_log_id uuid,
  add column if not exists waits_for text,
  add column if not exists failures text
