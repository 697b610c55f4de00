-- Creates the host's tables in a file that has none of them, for a trial without a host. The types are those
-- of SQLite's own affinities. Ids are lower-case UUIDs, and times are ISO 8601 in UTC.
create table {queue} (
  id text primary key default ({uuid}),
  workspace_id text not null,
  contact_id text not null,
  message_id text not null,
  status text not null default 'pending',
  created_at text not null default ({now}),
  processed_at text,
  error text,
  attempts integer not null default 0,
  next_attempt_at text not null default ({now}),
  claim_token text,
  claimed_at text,
  started_at text,
  lease_until text,
  ai_log_id text,
  sends integer not null default 0,
  sent_at text,
  outcome text,
  settled_token text,
  may_have_reply integer not null default 0,
  retried_at text,
  former_log_id text,
  waits_for text,
  failures text
);
create table {logs} (
  id text primary key default ({uuid}),
  workspace_id text not null,
  contact_id text,
  message_id text,
  provider text,
  model text,
  prompt text,
  response text,
  tokens_used integer,
  cost numeric,
  created_at text not null default ({now})
);
create table {messages} (
  id text primary key default ({uuid}),
  workspace_id text not null,
  contact_id text not null,
  sender text,
  direction text not null,
  body text,
  status text,
  msg_type text,
  created_at text not null default ({now})
);
create index autoreply_messages_contact on {messages} (contact_id, workspace_id, created_at desc);
create table {contacts} (
  id text primary key default ({uuid}),
  workspace_id text not null,
  phone_number text,
  name text,
  firstname text,
  lastname text,
  conversation_status text
);
create table {config} (
  workspace_id text not null,
  provider text,
  model text,
  system_prompt text,
  temperature real,
  max_tokens integer,
  api_key text,
  base_url text,
  enabled integer not null default 1,
  updated_at text not null default ({now})
);
create index autoreply_config_workspace on {config} (workspace_id)
