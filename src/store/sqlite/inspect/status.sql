-- Counts the jobs that are not finished, and tells what they wait for.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns the same as the statement for PostgreSQL.
with live as materialized (
  select q.outcome, {due_at} as due_at, {due_at} <= julianday('now') as is_due
    from {queue} q
   where q.status = 'pending' and {filter}
), held as materialized (
  select q.claim_token is null as is_foreign,
         coalesce(julianday(q.lease_until), 0) <= julianday('now') as has_lapsed
    from {queue} q
   where q.status = 'processing' and {filter}
)
select json_object(
         'pending', (select count(*) from live),
         'due', (select count(*) from live l where l.is_due),
         'oldest_due_ms', (select cast(round((julianday('now') - min(l.due_at)) * 86400000) as integer)
                             from live l where l.is_due),
         'in_flight', (select count(*) from held h where not h.is_foreign and not h.has_lapsed),
         'lapsed', (select count(*) from held h where not h.is_foreign and h.has_lapsed),
         'foreign', (select count(*) from held h where h.is_foreign),
         'waiting', json((select json_group_array(json_object('reason', w.reason, 'jobs', w.jobs, 'until', w.until))
                            from (select coalesce(cast(l.outcome as text), '') as reason, count(*) as jobs,
                                         {iso_time time=min(l.due_at)} as until
                                    from live l
                                   where not l.is_due
                                   group by 1
                                   order by 2 desc, 1
                                   limit 20) w)),
         'breakers', json((select json_group_array(json_object('name', w.name, 'label', w.label, 'scope', w.scope,
                                                               'reason', w.reason, 'since', w.since,
                                                               'until', w.until))
                             from (select b.name, b.label, b.scope, b.reason,
                                          {iso_time time=b.opened_at} as since,
                                          {iso_time time=b.until} as until
                                     from (select t.*, max(coalesce(t.blocked_until, ''),
                                                           iif(t.opened_at is null, '', t.probe_at)) as until
                                             from autoreply_breakers t) b
                                    where b.opened_at is not null or julianday(b.blocked_until) > julianday('now')
                                    order by b.opened_at, b.name
                                    limit 50) w)),
         'last_run', json((select json_object(
                                    'finished_at', {iso_time time=r.finished_at},
                                    'since_ms', cast(round((julianday('now') - julianday(r.finished_at)) * 86400000)
                                                     as integer),
                                    'exit_status', r.exit_status,
                                    'host', r.host)
                             from autoreply_runs r order by r.finished_at desc limit 1)))
