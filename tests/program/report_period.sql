-- Sixty days of a busy host, for SQLite: awkward texts, one bad day, three days without a job.
with recursive
  day (back) as (select 0 union all select back + 1 from day where back < 59),
  job (number) as (select 0 union all select number + 1 from job where number < 39)
insert into ai_response_queue (workspace_id, contact_id, message_id, status, attempts, outcome,
                               created_at, sent_at, processed_at)
select 'ws-' || (number % 3 + 1), 'contact', 'message',
       case when number % 9 = 4 or (back = 20 and number % 2) then 'error' else 'complete' end,
       1 + number % 4,
       case when number % 9 = 4 or (back = 20 and number % 2) then
              case (number + back) % 7
                when 0 then 'failed: the model is not known'
                when 1 then 'failed: <script>window.hostile = 1</script><img src="hostile.png" onerror="hostile = 1">'
                when 2 then 'failed: ' || replace(printf('%150s', ''), ' ', 'unbroken')
                when 3 then 'failed: رقم الهاتف غير صالح (400)!'
                when 4 then 'failed: ' || char(8238) || 'this goes the other way'
                when 5 then 'failed: </td></table></style><h1 style="position:fixed;top:0">"&quot;'
                else 'failed: HTTP 503 after 3 attempts, the provider said: The server is overloaded or not ready yet.'
              end
            when number % 9 = 7 then 'skipped: opted out'
            else 'completed' end,
       strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (back * 86400 + number * 7 + (number * number + back * 13) % 90) || ' seconds'),
       case when number % 9 not in (4, 7) then
              strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (back * 86400 + number * 7) || ' seconds') end,
       strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (back * 86400 + number * 7) || ' seconds')
  from day, job
 where number < 8 + (back * 7) % 31 and back not in (3, 30, 31);

insert into ai_response_queue (workspace_id, contact_id, message_id, status, created_at, next_attempt_at)
values ('ws-1', 'contact', 'message', 'pending', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');

with recursive reply (number) as (select 0 union all select number + 1 from reply where number < 999)
insert into ai_response_logs (workspace_id, provider, model, tokens_used, cost)
select case number % 9
         when 0 then '00000000-0000-4000-8000-000000000001'
         when 1 then 'עמותת ידידי המאפייה (תל אביב)'
         when 2 then '<script>window.hostile = 1</script>'
         when 3 then replace(printf('%80s', ''), ' ', 'w')
         else 'ws-' || (number % 11) end,
       case number % 4 when 0 then 'openai' when 1 then 'anthropic' when 2 then 'google' else 'openrouter' end,
       case number % 4
         when 0 then 'gpt-4o-mini'
         when 1 then 'claude-sonnet-4-5-20250929'
         when 2 then 'gemini-2.5-flash-lite-preview-09-2025'
         else 'meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo:extended-and-then-some' end,
       1234567 * (number % 5),
       case when number % 4 <> 3 then 0.012345 * number end
  from reply;

with recursive run (number) as (select 0 union all select number + 1 from run where number < 299)
insert into autoreply_runs (run_id, version, host, finished_at, duration_ms, exit_status, summary, started_at,
                            ended_at, alive_until)
select 'run-' || number, '1', 'host', t.moment, 1000, number % 17 = 3, '{"claimed": ' || number || '}', t.moment,
       case when number % 50 <> 7 then t.moment end, t.moment
  from (select number, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (number / 5) || ' days') as moment from run) t;
