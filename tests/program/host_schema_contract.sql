-- The host's tables as the contract describes them, with more columns than autoreply knows, messages
-- partitioned by month, rows in all of them, and an older service in the middle of its work.
create table contacts (
  id uuid primary key default gen_random_uuid(),
  workspace_id text not null,
  phone_number text,
  name text,
  firstname text,
  lastname text,
  conversation_status text default 'open',
  tags text[] not null default '{}',
  created_at timestamptz not null default now()
);
create table livechat_messages (
  id uuid not null default gen_random_uuid(),
  workspace_id text not null,
  contact_id uuid not null,
  sender text,
  direction text not null check (direction in ('inbound', 'outbound')),
  body text,
  status text,
  msg_type text,
  metadata jsonb,
  created_at timestamptz not null default now(),
  primary key (id, created_at)
) partition by range (created_at);
create index on livechat_messages (contact_id, workspace_id, created_at desc);
do $$
begin
  for back in -1..3 loop
    execute format('create table livechat_messages_%s partition of livechat_messages
                    for values from (%L) to (%L)', back + 1,
                   date_trunc('month', now()) - back * interval '1 month',
                   date_trunc('month', now()) - (back - 1) * interval '1 month');
  end loop;
end $$;
create table workspace_ai_config (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  provider text,
  model text,
  system_prompt text,
  temperature numeric,
  max_tokens integer,
  api_key text,
  base_url text,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table ai_response_queue (
  id uuid primary key default gen_random_uuid(),
  workspace_id text not null,
  contact_id uuid not null,
  message_id uuid not null,
  status text not null default 'pending',
  created_at timestamptz not null default now(),
  processed_at timestamptz,
  error text,
  attempts integer not null default 0,
  priority integer not null default 0
);
create index on ai_response_queue (status, created_at);
create table ai_response_logs (
  id uuid primary key default gen_random_uuid(),
  workspace_id text not null,
  contact_id uuid not null,
  message_id uuid not null,
  provider text,
  model text,
  prompt text,
  response text,
  tokens_used integer,
  cost numeric,
  created_at timestamptz not null default now()
);

insert into workspace_ai_config (workspace_id, provider, model, system_prompt, base_url, api_key)
  select 'ws' || n, 'echo', 'echo', 'You answer for shop ' || n || '.', null, null
    from generate_series(1, 5) n;
insert into contacts (workspace_id, phone_number, name)
  select 'ws' || (n % 5 + 1), '+1555' || lpad(n::text, 7, '0'), 'Customer ' || n
    from generate_series(1, 400) n;
insert into livechat_messages (workspace_id, contact_id, sender, direction, body, status, msg_type, created_at)
  select c.workspace_id, c.id, c.phone_number, 'inbound', 'Question ' || n || ' of ' || c.name, 'received',
         'sms', now() - n * interval '25 days'
    from contacts c, generate_series(0, 2) n;
-- Finished jobs of the past.
insert into ai_response_queue (workspace_id, contact_id, message_id, status, created_at, processed_at, attempts)
  select m.workspace_id, m.contact_id, m.id, 'complete', m.created_at, m.created_at + interval '3 seconds', 1
    from livechat_messages m, generate_series(1, 20)
   where m.created_at < now() - interval '1 day';
insert into ai_response_logs (workspace_id, contact_id, message_id, provider, model, prompt, response,
                              tokens_used, cost, created_at)
  select workspace_id, contact_id, message_id, 'echo', 'echo', '[]', 'An old reply', 10, 0.0001, processed_at
    from ai_response_queue;
-- Jobs that have waited for some minutes. The older service is working on three entries for each of the last
-- twenty customers. Ten of these customers also wait for us.
insert into ai_response_queue (workspace_id, contact_id, message_id, created_at)
  select m.workspace_id, m.contact_id, m.id, now() - random() * interval '20 minutes'
    from livechat_messages m join contacts c on c.id = m.contact_id
   where m.created_at > now() - interval '1 day' and c.phone_number < '+15550000391';
insert into ai_response_queue (workspace_id, contact_id, message_id, status, created_at, attempts)
  select m.workspace_id, m.contact_id, m.id, 'processing', now() - interval '10 minutes', 1
    from livechat_messages m join contacts c on c.id = m.contact_id
   where c.phone_number >= '+15550000381';
