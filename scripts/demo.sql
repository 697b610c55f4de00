-- Customers of three small businesses who wait for an answer. Times are relative to now.
insert into workspace_ai_config (workspace_id, provider, model, system_prompt, enabled, updated_at) values
  ('Harbour Plumbing', 'openai', 'gpt-4o-mini',
   'You answer text messages for Harbour Plumbing, open Monday to Saturday 8 to 6. Emergencies come first: tell people how to stop the water, then offer a time today. One to three short, friendly sentences, no Markdown.',
   true, datetime('now')),
  ('Cafe Lina', 'openai', 'gpt-4o-mini',
   'You answer text messages for Cafe Lina, a bakery and cafe, open daily 7 to 4. Cakes can be ordered two days ahead; almond cake and lemon polenta are made without gluten. One to three short, friendly sentences, no Markdown.',
   true, datetime('now')),
  ('Studio Nord', 'openai', 'gpt-4o-mini',
   'You answer text messages for Studio Nord, a hair salon, open Monday to Saturday 9 to 6. Wash and cut 38 dollars, colour from 85. One to three short, friendly sentences, no Markdown.',
   true, datetime('now'));

insert into contacts (id, workspace_id, phone_number, name, conversation_status) values
  ('c0000000-0000-4000-8000-000000000001', 'Harbour Plumbing', '+15550100101', 'Tom', 'open'),
  ('c0000000-0000-4000-8000-000000000002', 'Cafe Lina', '+15550100102', 'Priya', 'open'),
  ('c0000000-0000-4000-8000-000000000003', 'Cafe Lina', '+15550100103', 'Marcus', 'open'),
  ('c0000000-0000-4000-8000-000000000004', 'Studio Nord', '+15550100104', 'Elena', 'open'),
  ('c0000000-0000-4000-8000-000000000005', 'Studio Nord', '+15550100105', 'Jo', 'open'),
  ('c0000000-0000-4000-8000-000000000006', 'Harbour Plumbing', '+15550100106', 'Sam', 'open');

insert into livechat_messages (id, workspace_id, contact_id, direction, body, status, msg_type, created_at)
select printf('a0000000-0000-4000-8000-%012d', number), workspace_id, c.id, direction, body, 'received', 'sms',
       strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || minutes_ago || ' minutes')
  from (select 1 as number, 'Tom' as name, 'inbound' as direction, 31 as minutes_ago,
               'Hi, do you also do emergencies?' as body
        union all select 2, 'Tom', 'outbound', 30,
               'Hi Tom, yes we do, Monday to Saturday. What happened?'
        union all select 3, 'Tom', 'inbound', 4,
               'The pipe under our kitchen sink is leaking, water all over the floor!! When can someone come?'
        union all select 4, 'Priya', 'inbound', 9,
               'Hello! My sister is coeliac. Do you have any gluten free cakes on Friday?'
        union all select 5, 'Marcus', 'inbound', 65,
               'Hey Lina, still making those dinosaur cakes?'
        union all select 6, 'Marcus', 'outbound', 63,
               'Hi Marcus! We do, with two days'' notice. When is the party?'
        union all select 7, 'Marcus', 'inbound', 6,
               'Leo''s birthday is this Saturday, 12 kids. Is that still possible?'
        union all select 8, 'Elena', 'inbound', 12,
               'Hi, something came up at work. Can I reschedule my appointment on Tuesday to later this week?'
        union all select 9, 'Jo', 'inbound', 3,
               'how much for a cut and some colour? and are you open sunday'
        union all select 10, 'Sam', 'inbound', 2,
               'STOP'
       ) said
  join contacts c using (name);

-- The host queues every inbound message that needs an answer.
insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, created_at)
select 'f' || substr(id, 2), workspace_id, contact_id, id, 'pending', created_at
  from livechat_messages
 where direction = 'inbound'
   and created_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-20 minutes');
