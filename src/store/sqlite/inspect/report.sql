-- Reads what a report about a period shows.
--
-- :since text  ISO 8601
-- :workspaces json  [id, ...]; empty: all
--
-- Returns the same as the statement for PostgreSQL.
with job as materialized (
  select date(q.processed_at) as day, q.status, q.outcome, q.attempts,
         coalesce(q.outcome, '') like '{completed_note}%' as is_completed,
         (julianday(q.sent_at) - julianday(coalesce(q.retried_at, q.created_at))) * 86400.0 as seconds
    from {queue} q
   where julianday(q.processed_at) >= julianday(:since)
     and q.status in ('complete', 'error')
     and (json_array_length(:workspaces) = 0
          or coalesce(cast(q.workspace_id as text), '') in (select value from json_each(:workspaces)))
), latency as materialized (
  select j.day, j.seconds,
         row_number() over (partition by j.day order by j.seconds) as of_day,
         count(*) over (partition by j.day) as in_day,
         row_number() over (order by j.seconds) as of_all,
         count(*) over () as in_all
    from job j
   where j.is_completed and j.seconds is not null
), live as materialized (
  select {due_at} as due_at
    from {queue} q
   where q.status = 'pending'
     and {due_at} <= julianday('now')
     and (json_array_length(:workspaces) = 0
          or coalesce(cast(q.workspace_id as text), '') in (select value from json_each(:workspaces)))
)
select json_object(
         'since', {iso_time time=:since},
         'until', {now},
         'days', json((select json_group_array(json_object(
                                'day', d.day, 'completed', d.completed, 'skipped', d.skipped, 'failed', d.failed,
                                'median_s', (select min(l.seconds) from latency l
                                              where l.day = d.day and l.of_day >= 0.5 * l.in_day),
                                'p95_s', (select min(l.seconds) from latency l
                                           where l.day = d.day and l.of_day >= 0.95 * l.in_day)))
                         from (select j.day, sum(j.is_completed) as completed,
                                      sum(j.status = 'complete' and not j.is_completed) as skipped,
                                      sum(j.status = 'error') as failed
                                 from job j
                                group by j.day
                                order by j.day
                                limit 400) d)),
         'median_s', (select min(l.seconds) from latency l where l.of_all >= 0.5 * l.in_all),
         'p95_s', (select min(l.seconds) from latency l where l.of_all >= 0.95 * l.in_all),
         'failures', json((select json_group_array(json_object('cause', f.cause, 'jobs', f.jobs))
                             from (select substr(coalesce(j.outcome, ''), 1, 200) as cause, count(*) as jobs
                                     from job j
                                    where j.status = 'error'
                                    group by 1
                                    order by 2 desc, 1
                                    limit 20) f)),
         'attempts', json((select json_group_array(json_object('attempts', a.attempts, 'jobs', a.jobs))
                             from (select coalesce(j.attempts, 0) as attempts, count(*) as jobs
                                     from job j group by 1 order by 1 limit 20) a)),
         'models', json((select json_group_array(json_object(
                                  'workspace_id', m.workspace_id, 'provider', m.provider, 'model', m.model,
                                  'replies', m.replies, 'tokens', m.tokens, 'cost', m.cost))
                           from (select coalesce(cast(l.workspace_id as text), '') as workspace_id,
                                        coalesce(l.provider, '') as provider, coalesce(l.model, '') as model,
                                        count(*) as replies, coalesce(sum(l.tokens_used), 0) as tokens,
                                        cast(sum(l.cost) as text) as cost
                                   from {logs} l
                                  where julianday(l.created_at) >= julianday(:since)
                                    and (json_array_length(:workspaces) = 0
                                         or l.workspace_id in (select value from json_each(:workspaces)))
                                  group by 1, 2, 3
                                  order by sum(l.cost) desc nulls last, 5 desc, 1, 2, 3
                                  limit 50) m)),
         'runs', json((select json_group_array(json_object('day', e.day, 'runs', e.runs, 'ended_well', e.ended_well,
                                                           'claimed', e.claimed, 'died', e.died))
                         from (select date(r.finished_at) as day, count(*) as runs,
                                      sum(r.exit_status = 0 and r.ended_at is not null) as ended_well,
                                      coalesce(sum(json_extract(r.summary, '$.claimed')), 0) as claimed,
                                      sum(r.ended_at is null
                                          and coalesce(julianday(r.alive_until) < julianday('now'), 0)) as died
                                 from autoreply_runs r
                                where julianday(r.finished_at) >= julianday(:since)
                                  and r.run_id <> '00000000-0000-0000-0000-000000000000'
                                group by 1
                                order by 1
                                limit 400) e)),
         'due', (select count(*) from live),
         'oldest_due_s', (select (julianday('now') - min(l.due_at)) * 86400.0 from live l))
