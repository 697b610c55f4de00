-- Creates our own tables.
create table if not exists autoreply_schema (
  version integer primary key,
  applied_at text not null default ({now}),
  revision integer not null default 0
);
create table if not exists autoreply_runs (
  run_id text primary key,
  version text not null,
  host text not null,
  finished_at text not null,
  duration_ms integer not null,
  exit_status integer not null,
  summary text not null,
  started_at text,
  ended_at text,
  alive_until text,
  options text
);
create index if not exists autoreply_runs_by_time on autoreply_runs (finished_at);
create table if not exists autoreply_breakers (
  name text primary key,
  label text not null,
  failed_jobs text not null default '[]',
  opened_at text,
  changed_at text not null default '1970-01-01T00:00:00.000Z',
  probe_at text not null default '1970-01-01T00:00:00.000Z',
  pause_ms integer not null default 0,
  probing_until text,
  blocked_until text,
  in_flight_max integer not null default 0,
  successes integer not null default 0,
  cause text not null default 'down',
  scope text not null default 'job',
  reason text not null default '',
  words text not null default '',
  last_failed text not null default '',
  failing_since text,
  accepted_at text,
  accepted_job text not null default '',
  rejections text not null default '[]'
);
create table if not exists autoreply_turns (
  queue text primary key,
  workspace_id text not null
);
create table if not exists autoreply_spending (
  workspace_id text,
  day text,
  tokens integer not null,
  nanodollars integer not null,
  primary key (workspace_id, day)
) without rowid;
create table if not exists autoreply_holds (
  workspace_id text,
  contact_id text,
  reason text,
  breaker text,
  detail text not null,
  spares_recorded integer not null,
  since text not null,
  until text,
  primary key (workspace_id, contact_id, reason, breaker)
)
