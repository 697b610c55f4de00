-- Reads what a report about a period shows.
--
-- :since text  ISO 8601
-- :workspaces json  [id, ...]; empty: all
--
-- Returns {"since", "until", "days": [{"day", "completed", "skipped", "failed", "median_s", "p95_s"}, ...] by the day on
-- which jobs ended, with the seconds from the message's entry to its reply, "median_s", "p95_s": of the whole period,
-- "failures": [{"cause", "jobs"}, ...], "attempts": [{"attempts", "jobs"}, ...] of the jobs that ended, "models":
-- [{"workspace_id", "provider", "model", "replies", "tokens", "cost"}, ...], "runs": [{"day", "runs", "ended_well",
-- "claimed", "died"}, ...], "due", "oldest_due_s"}.
with job as materialized (
  select q.processed_at::timestamptz as ended_at, q.status || '' as status, q.outcome, q.attempts,
         coalesce(q.outcome, '') like '{completed_note}%' as is_completed,
         extract(epoch from q.sent_at - coalesce(q.retried_at, q.created_at::timestamptz))::float8 as seconds
    from {queue} q
   where q.processed_at >= :since::timestamptz
     and q.status || '' in ('complete', 'error')
     and (:workspaces::jsonb = '[]'
          or coalesce(q.workspace_id, '') in (select jsonb_array_elements_text(:workspaces::jsonb)))
), live as materialized (
  select q.next_attempt_at
    from {queue} q
   where q.status = 'pending'
     and q.next_attempt_at <= statement_timestamp()
     and (:workspaces::jsonb = '[]'
          or coalesce(q.workspace_id, '') in (select jsonb_array_elements_text(:workspaces::jsonb)))
)
select json_build_object(
         'since', {iso_time time=:since::timestamptz},
         'until', {iso_time time=statement_timestamp()},
         'days', (select coalesce(json_agg(d), '[]'::json)
                    from (select to_char(j.ended_at at time zone 'UTC', 'YYYY-MM-DD') as day,
                                 count(*) filter (where j.is_completed) as completed,
                                 count(*) filter (where j.status = 'complete' and not j.is_completed) as skipped,
                                 count(*) filter (where j.status = 'error') as failed,
                                 percentile_disc(0.5) within group (order by j.seconds)
                                   filter (where j.is_completed) as median_s,
                                 percentile_disc(0.95) within group (order by j.seconds)
                                   filter (where j.is_completed) as p95_s
                            from job j
                           group by 1
                           order by 1
                           limit 400) d),
         'median_s', (select percentile_disc(0.5) within group (order by j.seconds) from job j where j.is_completed),
         'p95_s', (select percentile_disc(0.95) within group (order by j.seconds) from job j where j.is_completed),
         'failures', (select coalesce(json_agg(f), '[]'::json)
                        from (select left(coalesce(j.outcome, ''), 200) as cause, count(*) as jobs
                                from job j
                               where j.status = 'error'
                               group by 1
                               order by 2 desc, 1
                               limit 20) f),
         'attempts', (select coalesce(json_agg(a), '[]'::json)
                        from (select coalesce(j.attempts, 0) as attempts, count(*) as jobs
                                from job j group by 1 order by 1 limit 20) a),
         'models', (select coalesce(json_agg(m), '[]'::json)
                      from (select coalesce(l.workspace_id, '')::text as workspace_id, coalesce(l.provider, '') as provider,
                                   coalesce(l.model, '') as model, count(*) as replies,
                                   coalesce(sum(l.tokens_used), 0)::bigint as tokens, sum(l.cost)::text as cost
                              from {logs} l
                             where l.created_at >= :since::timestamptz
                               and (:workspaces::jsonb = '[]'
                                    or l.workspace_id in (select jsonb_array_elements_text(:workspaces::jsonb)))
                             group by 1, 2, 3
                             order by sum(l.cost) desc nulls last, 5 desc, 1, 2, 3
                             limit 50) m),
         'runs', (select coalesce(json_agg(e), '[]'::json)
                    from (select to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as runs,
                                 count(*) filter (where r.exit_status = 0 and r.ended_at is not null) as ended_well,
                                 coalesce(sum((r.summary ->> 'claimed')::bigint), 0)::bigint as claimed,
                                 count(*) filter (where r.ended_at is null and r.alive_until < statement_timestamp()) as died
                            from autoreply_runs r
                           where r.finished_at >= :since::timestamptz
                             and r.run_id <> '00000000-0000-0000-0000-000000000000'
                           group by 1
                           order by 1
                           limit 400) e),
         'due', (select count(*) from live),
         'oldest_due_s', (select extract(epoch from statement_timestamp() - min(l.next_attempt_at))::float8 from live l))::text
