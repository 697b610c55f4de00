-- The host's tables in the literal types of the requirement: TIMESTAMP without time zone, columns that
-- may be NULL, foreign keys, a CHECK on the status, and a trigger on every update.
create table contacts (
  id uuid primary key,
  workspace_id text,
  phone_number text,
  name text,
  conversation_status text
);
create table livechat_messages (
  id uuid primary key,
  workspace_id text,
  contact_id uuid references contacts,
  sender text,
  direction text,
  body text,
  created_at timestamp default (now() at time zone 'utc')
);
create index on livechat_messages (contact_id, workspace_id, created_at desc);
create table workspace_ai_config (
  workspace_id text,
  provider text,
  model text,
  system_prompt text,
  api_key text,
  base_url text
);
create table ai_response_queue (
  id uuid primary key,
  workspace_id text,
  contact_id uuid references contacts on delete cascade,
  message_id uuid references livechat_messages on delete cascade,
  status text default 'pending' check (status in ('pending', 'processing', 'complete', 'error')),
  created_at timestamp default (now() at time zone 'utc'),
  processed_at timestamp,
  error text,
  attempts integer,
  updated_at timestamp
);
create table ai_response_logs (
  id uuid primary key,
  workspace_id text,
  contact_id uuid references contacts,
  message_id uuid references livechat_messages,
  provider text,
  model text,
  prompt text,
  response text,
  tokens_used integer,
  cost numeric,
  created_at timestamp
);
create function touch() returns trigger language plpgsql as $$
begin
  if old.status = 'complete' then raise exception 'a complete entry is never changed'; end if;
  new.updated_at := now() at time zone 'utc';
  return new;
end $$;
create trigger touch before update on ai_response_queue for each row execute function touch();

insert into workspace_ai_config
  values ('acme', 'echo', 'echo', 'You answer for Acme Plumbing.', null, null);
insert into contacts
  select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'acme',
         '+1555' || lpad(n::text, 7, '0'), 'Customer ' || n, null
    from generate_series(1, 30) n;
insert into livechat_messages (id, workspace_id, contact_id, direction, body, created_at)
  select ('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'acme',
         ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'inbound', 'Question ' || n,
         (now() at time zone 'utc') - interval '10 minutes'
    from generate_series(1, 30) n;
insert into ai_response_queue (id, workspace_id, contact_id, message_id, created_at, status, attempts)
  select ('20000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'acme',
         ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
         ('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
         (now() at time zone 'utc') - interval '10 minutes' + n * interval '1 second',
         case when n <= 20 then 'pending' when n <= 25 then 'complete' else 'processing' end,
         case when n % 2 = 0 then 0 end
    from generate_series(1, 30) n;
-- A second job in flight for the same customer, which the older service allows.
insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, attempts)
  select '20000000-0000-4000-8000-000000000099', workspace_id, contact_id, message_id, 'processing', 1
    from ai_response_queue where id = '20000000-0000-4000-8000-000000000030';
