-- Partitions the host's messages and fills its tables: 50 workspaces, a contact a job, six messages a contact
-- and the one that is to be answered.
--
-- psql variables: jobs, partitions (of the messages, 30 days each, the newest ends tomorrow), finished (rows of
-- the queue that are done), body_bytes (how much longer the messages are), base_url
alter table livechat_messages rename to unpartitioned;
create table livechat_messages (like unpartitioned including defaults, primary key (id, created_at))
  partition by range (created_at);
drop table unpartitioned;
create index on livechat_messages (contact_id, workspace_id, created_at desc);

-- The first partition ends tomorrow, so a month that has just begun does not split a conversation.
select format('create table livechat_messages_%s partition of livechat_messages for values from (%L) to (%L)',
              n, date_trunc('day', now()) + interval '1 day' - (n + 1) * interval '30 days',
              date_trunc('day', now()) + interval '1 day' - n * interval '30 days')
  from generate_series(0, :partitions - 1) n
\gexec

insert into workspace_ai_config (workspace_id, provider, model, system_prompt, api_key, base_url)
select 'ws' || i, 'openai', 'gpt-4o-mini', 'You answer for a bakery.', 'sk-bench', :'base_url'
  from generate_series(1, 50) i;
insert into contacts (workspace_id, phone_number)
select 'ws' || (1 + i % 50), '+1555' || lpad(i::text, 7, '0') from generate_series(1, :jobs) i;
insert into livechat_messages (workspace_id, contact_id, direction, body, msg_type, created_at)
select workspace_id, id, case when k % 2 = 0 then 'outbound' else 'inbound' end,
       'message ' || k || ' of a conversation' || repeat('.', :body_bytes), 'sms', now() - interval '1 hour' + k * interval '1 min'
  from contacts, generate_series(1, 6) k;
-- Every partition has rows, as the host's have.
insert into livechat_messages (workspace_id, contact_id, direction, body, msg_type, created_at)
select workspace_id, id, 'inbound', 'an old message', 'sms', now() - n * interval '30 days' - interval '1 day'
  from (select * from contacts limit 200) c, generate_series(1, :partitions - 1) n;
insert into livechat_messages (workspace_id, contact_id, direction, body, msg_type, created_at)
select workspace_id, id, 'inbound', 'Are you open on Sunday?', 'sms', now() - interval '1 min' from contacts;
insert into ai_response_queue (workspace_id, contact_id, message_id, created_at)
select workspace_id, contact_id, id, created_at
  from livechat_messages where body = 'Are you open on Sunday?';
insert into ai_response_queue (workspace_id, contact_id, message_id, status, created_at, processed_at)
select 'ws' || (1 + i % 50), gen_random_uuid(), gen_random_uuid(), 'complete', now() - interval '2 days',
       now() - interval '2 days'
  from generate_series(1, :finished) i;
