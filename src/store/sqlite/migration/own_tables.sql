create table if not exists autoreply_schema (
  version integer primary key,
  applied_at text not null default ({now})
);
create table if not exists autoreply_runs (
  run_id text primary key,
  version text not null,
  host text not null,
  finished_at text not null,
  duration_ms integer not null,
  exit_status integer not null,
  summary text not null
)
