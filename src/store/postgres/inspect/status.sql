-- Counts the jobs that are not finished, and tells what they wait for.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"pending", "due", "oldest_due_ms": how long the oldest due job has been due, "in_flight", "lapsed": held by
-- runs that are gone, "foreign": held by another service, "waiting": [{"reason", "detail", "jobs", "since", "until"}, ...]
-- as in fragment/waiting_jobs.sql, without the jobs that the next run takes, the most frequent twenty; "breakers":
-- [{"name", "label", "scope", "reason", "since", "until", "holds": whether jobs wait for it}, ...] that are open or blocked; "today": {"tokens", "cost"} of
-- the replies to jobs that were claimed since midnight UTC; "last_look": {"at", "since_ms", "host"} of a run, or NULL;
-- "runs": [{"run_id", "host", "started_at", "ended_at", "since_ms", "exit_status", "claimed", "has_died"}, ...] that
-- found something to do, the last five}.
with live as materialized (
  select q.outcome, q.next_attempt_at, q.next_attempt_at <= statement_timestamp() as is_due
    from {queue} q
   where q.status = 'pending' and {filter}
), held as materialized (
  select q.claim_token is null as is_foreign, q.lease_until <= statement_timestamp() as has_lapsed, q.lease_until
    from {queue} q
   where q.status || '' = 'processing' and {filter}
)
select json_build_object(
         'pending', (select count(*) from live),
         'due', (select count(*) from live l where l.is_due),
         'oldest_due_ms', (select (extract(epoch from statement_timestamp()
                                                      - least((select min(l.next_attempt_at) from live l where l.is_due),
                                                              (select min(h.lease_until) from held h
                                                                where h.has_lapsed and not h.is_foreign))) * 1000)::bigint),
         'in_flight', (select count(*) from held h where not h.is_foreign and not h.has_lapsed),
         'lapsed', (select count(*) from held h where not h.is_foreign and h.has_lapsed),
         'foreign', (select count(*) from held h where h.is_foreign),
         'waiting', (select coalesce(json_agg(g), '[]'::json)
                       from (select w.reason, left(w.detail, 200) as detail, count(*) as jobs,
                                    {iso_time time=min(w.since)} as since,
                                    {iso_time time=min(w.until)} as until
                               from ({waiting_jobs}) w
                              where w.reason <> 'run'
                                and ((:job_filter::jsonb -> 'workspace_ids') is null
                                     or w.workspace_id in (select jsonb_array_elements_text(:job_filter::jsonb
                                                                                            -> 'workspace_ids')))
                              group by 1, 2
                              order by 3 desc, 1, 2
                              limit 20) g),
         'breakers', (select coalesce(json_agg(w), '[]'::json)
                        from (select b.name, b.label, b.scope, b.reason,
                                     {iso_time time=b.opened_at} as since,
                                     {iso_time time=w.until} as until,
                                     exists (select 1 from autoreply_holds h where h.breaker = b.name) as holds
                                from autoreply_breakers b
                               cross join lateral (
                                 select greatest(b.blocked_until,
                                                 case when b.opened_at is not null then b.probe_at end) as until) w
                               where b.opened_at is not null or b.blocked_until > statement_timestamp()
                               order by b.opened_at, b.name
                               limit 50) w),
         'today', (select json_build_object('tokens', coalesce(sum(l.tokens_used), 0), 'cost', sum(l.cost)::text)
                     from {queue} q
                     join {logs} l on l.id = q.ai_log_id
                    where q.claimed_at at time zone 'UTC' >= date_trunc('day', statement_timestamp() at time zone 'UTC')
                      and {filter}),
         'last_look', (select json_build_object(
                                'at', {iso_time time=r.finished_at},
                                'since_ms', (extract(epoch from statement_timestamp() - r.finished_at) * 1000)::bigint,
                                'host', r.host)
                         from autoreply_runs r order by r.finished_at desc limit 1),
         'runs', (select coalesce(json_agg(e), '[]'::json)
                    from (select r.run_id, r.host, r.exit_status, {iso_time time=r.started_at} as started_at,
                                 case when r.ended_at is not null or r.alive_until is null
                                      then {iso_time time=r.finished_at} end as ended_at,
                                 (extract(epoch from statement_timestamp() - r.finished_at) * 1000)::bigint as since_ms,
                                 (r.summary ->> 'claimed')::bigint as claimed,
                                 coalesce(r.ended_at is null and r.alive_until < statement_timestamp(), false)
                                   as has_died
                            from autoreply_runs r
                           where r.run_id <> '00000000-0000-0000-0000-000000000000'
                           order by r.finished_at desc
                           limit 5) e))::text
