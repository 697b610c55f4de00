-- Creates the host's tables in a database that has none of them, for a trial without a host.
create table {queue} (
  id uuid primary key default gen_random_uuid(),
  workspace_id text not null,
  contact_id uuid not null,
  message_id uuid not null,
  status text not null default 'pending',
  created_at timestamptz not null default now(),
  processed_at timestamptz,
  error text,
  attempts integer not null default 0
);
create table {logs} (
  id uuid primary key default gen_random_uuid(),
  workspace_id text not null,
  contact_id uuid,
  message_id uuid,
  provider text,
  model text,
  prompt text,
  response text,
  tokens_used integer,
  cost numeric,
  created_at timestamptz not null default now()
);
create table {messages} (
  id uuid primary key default gen_random_uuid(),
  workspace_id text not null,
  contact_id uuid not null,
  sender text,
  direction text not null,
  body text,
  status text,
  msg_type text,
  created_at timestamptz not null default now()
);
create index on {messages} (contact_id, workspace_id, created_at desc);
create table {contacts} (
  id uuid primary key default gen_random_uuid(),
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
  temperature double precision,
  max_tokens integer,
  api_key text,
  base_url text,
  enabled boolean not null default true,
  updated_at timestamptz not null default now()
);
create index on {config} (workspace_id)
