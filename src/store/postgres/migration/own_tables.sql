-- Creates our own tables. PUBLIC gets no privileges. Row security is enabled, and its policy shows every row
-- to a role with a grant.
set local client_min_messages = warning;
create table if not exists autoreply_schema (
  version integer primary key,
  applied_at timestamptz not null default now()
);
alter table autoreply_schema add column if not exists revision integer not null default 0;
create table if not exists autoreply_runs (
  run_id uuid primary key,
  version text not null,
  host text not null,
  finished_at timestamptz not null,
  duration_ms bigint not null,
  exit_status integer not null,
  summary jsonb not null
);
-- While a run is at work, `ended_at` is NULL and `finished_at` is its last sign of life. If it then gives none until
-- `alive_until`, it has died. Runs that find nothing to do share the row of the nil UUID.
alter table autoreply_runs
  add column if not exists started_at timestamptz,
  add column if not exists ended_at timestamptz,
  add column if not exists alive_until timestamptz,
  add column if not exists options jsonb;
create index if not exists "autoreply_runs_by_time" on autoreply_runs (finished_at);
create table if not exists autoreply_breakers (
  name text primary key,
  label text not null,
  failed_jobs jsonb not null default '[]',
  opened_at timestamptz,
  changed_at timestamptz not null default 'epoch',
  probe_at timestamptz not null default 'epoch',
  pause_ms bigint not null default 0,
  probing_until timestamptz
);
alter table autoreply_breakers
  add column if not exists blocked_until timestamptz,
  add column if not exists in_flight_max integer not null default 0,
  add column if not exists successes integer not null default 0,
  add column if not exists cause text not null default 'down',
  add column if not exists scope text not null default 'job',
  add column if not exists reason text not null default '',
  add column if not exists words text not null default '',
  add column if not exists last_failed text not null default '',
  add column if not exists failing_since timestamptz,
  add column if not exists accepted_at timestamptz,
  add column if not exists accepted_job text not null default '',
  add column if not exists rejections jsonb not null default '[]';
create table if not exists autoreply_turns (
  queue text primary key,
  workspace_id text not null
);
create table if not exists autoreply_spending (
  workspace_id text,
  day date,
  tokens bigint not null,
  nanodollars bigint not null,
  primary key (workspace_id, day)
);
-- What keeps due jobs unclaimed, as the last look of a run found it. An empty `workspace_id` means all workspaces, an
-- empty `contact_id` all contacts.
create table if not exists autoreply_holds (
  workspace_id text,
  contact_id text,
  reason text,
  breaker text,
  detail text not null,
  spares_recorded boolean not null,
  since timestamptz not null,
  until timestamptz,
  primary key (workspace_id, contact_id, reason, breaker)
);
revoke all on autoreply_schema, autoreply_runs, autoreply_breakers, autoreply_turns, autoreply_spending, autoreply_holds
  from public;
alter table autoreply_schema enable row level security;
alter table autoreply_runs enable row level security;
alter table autoreply_breakers enable row level security;
alter table autoreply_turns enable row level security;
alter table autoreply_spending enable row level security;
alter table autoreply_holds enable row level security;
drop policy if exists "autoreply_granted" on autoreply_schema;
drop policy if exists "autoreply_granted" on autoreply_runs;
drop policy if exists "autoreply_granted" on autoreply_breakers;
drop policy if exists "autoreply_granted" on autoreply_turns;
drop policy if exists "autoreply_granted" on autoreply_spending;
drop policy if exists "autoreply_granted" on autoreply_holds;
create policy "autoreply_granted" on autoreply_schema using (true) with check (true);
create policy "autoreply_granted" on autoreply_runs using (true) with check (true);
create policy "autoreply_granted" on autoreply_breakers using (true) with check (true);
create policy "autoreply_granted" on autoreply_turns using (true) with check (true);
create policy "autoreply_granted" on autoreply_spending using (true) with check (true);
create policy "autoreply_granted" on autoreply_holds using (true) with check (true)
