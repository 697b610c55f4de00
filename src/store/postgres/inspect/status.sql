-- Counts the jobs that are not finished, and tells what they wait for.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"pending", "due", "oldest_due_ms": how long the oldest due job has been due, "in_flight", "lapsed": held by
-- runs that are gone, "foreign": held by another service, "waiting": [{"reason", "jobs", "until"}, ...] for jobs that
-- are not due yet, the most frequent twenty, "breakers": [{"name", "label", "scope", "reason", "since", "until"}, ...]
-- that are open or blocked, "last_run": {"finished_at", "since_ms", "exit_status", "host"} or NULL}.
with live as materialized (
  select q.outcome, q.next_attempt_at, q.next_attempt_at <= statement_timestamp() as is_due
    from {queue} q
   where q.status = 'pending' and {filter}
), held as materialized (
  select q.claim_token is null as is_foreign, q.lease_until <= statement_timestamp() as has_lapsed
    from {queue} q
   where q.status || '' = 'processing' and {filter}
)
select json_build_object(
         'pending', (select count(*) from live),
         'due', (select count(*) from live l where l.is_due),
         'oldest_due_ms', (select (extract(epoch from statement_timestamp() - min(l.next_attempt_at)) * 1000)::bigint
                             from live l where l.is_due),
         'in_flight', (select count(*) from held h where not h.is_foreign and not h.has_lapsed),
         'lapsed', (select count(*) from held h where not h.is_foreign and h.has_lapsed),
         'foreign', (select count(*) from held h where h.is_foreign),
         'waiting', (select coalesce(json_agg(w), '[]'::json)
                       from (select coalesce(l.outcome, '') as reason, count(*) as jobs,
                                    {iso_time time=min(l.next_attempt_at)} as until
                               from live l
                              where not l.is_due
                              group by 1
                              order by 2 desc, 1
                              limit 20) w),
         'breakers', (select coalesce(json_agg(w), '[]'::json)
                        from (select b.name, b.label, b.scope, b.reason,
                                     {iso_time time=b.opened_at} as since,
                                     {iso_time time=w.until} as until
                                from autoreply_breakers b
                               cross join lateral (
                                 select greatest(b.blocked_until,
                                                 case when b.opened_at is not null then b.probe_at end) as until) w
                               where b.opened_at is not null or b.blocked_until > statement_timestamp()
                               order by b.opened_at, b.name
                               limit 50) w),
         'last_run', (select json_build_object(
                               'finished_at', {iso_time time=r.finished_at},
                               'since_ms', (extract(epoch from statement_timestamp() - r.finished_at) * 1000)::bigint,
                               'exit_status', r.exit_status,
                               'host', r.host)
                        from autoreply_runs r order by r.finished_at desc limit 1))::text
