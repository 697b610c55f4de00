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
         coalesce(julianday(q.lease_until), 0) <= julianday('now') as has_lapsed,
         julianday(q.lease_until) as lease_until
    from {queue} q
   where q.status = 'processing' and {filter}
)
select json_object(
         'pending', (select count(*) from live),
         'due', (select count(*) from live l where l.is_due),
         'oldest_due_ms', (select cast(round((julianday('now') - min(o.due_at)) * 86400000) as integer)
                             from (select l.due_at from live l where l.is_due
                                   union all
                                   select h.lease_until from held h where h.has_lapsed and not h.is_foreign) o),
         'in_flight', (select count(*) from held h where not h.is_foreign and not h.has_lapsed),
         'lapsed', (select count(*) from held h where not h.is_foreign and h.has_lapsed),
         'foreign', (select count(*) from held h where h.is_foreign),
         'waiting', json((select json_group_array(json_object('reason', g.reason, 'detail', g.detail, 'jobs', g.jobs,
                                                              'since', g.since, 'until', g.until))
                            from (select w.reason, substr(cast(w.detail as text), 1, 200) as detail, count(*) as jobs,
                                         min(w.since) as since, min(w.until) as until
                                    from ({waiting_jobs}) w
                                   where w.reason <> 'run'
                                     and (json_extract(:job_filter, '$.workspace_ids') is null
                                          or w.workspace_id in (select value
                                                                  from json_each(:job_filter, '$.workspace_ids')))
                                   group by 1, 2
                                   order by 3 desc, 1, 2
                                   limit 20) g)),
         'breakers', json((select json_group_array(json_object('name', w.name, 'label', w.label, 'scope', w.scope,
                                                               'reason', w.reason, 'since', w.since,
                                                               'until', w.until,
                                                               'holds', json(iif(w.holds, 'true', 'false'))))
                             from (select b.name, b.label, b.scope, b.reason,
                                          {iso_time time=b.opened_at} as since,
                                          {iso_time time=b.until} as until,
                                          exists (select 1 from autoreply_holds h where h.breaker = b.name) as holds
                                     from (select t.*, max(coalesce(t.blocked_until, ''),
                                                           iif(t.opened_at is null, '', t.probe_at)) as until
                                             from autoreply_breakers t) b
                                    where b.opened_at is not null or julianday(b.blocked_until) > julianday('now')
                                    order by b.opened_at, b.name
                                    limit 50) w)),
         'today', json((select json_object('tokens', coalesce(sum(l.tokens_used), 0), 'cost', cast(sum(l.cost) as text))
                          from {queue} q
                          join {logs} l on l.id = q.ai_log_id
                         where q.claimed_at >= strftime('%Y-%m-%dT00:00:00Z', 'now')
                           and {filter})),
         'last_look', json((select json_object(
                                     'at', {iso_time time=r.finished_at},
                                     'since_ms', cast(round((julianday('now') - julianday(r.finished_at)) * 86400000)
                                                      as integer),
                                     'host', r.host)
                              from autoreply_runs r order by r.finished_at desc limit 1)),
         'runs', json((select json_group_array(json_object(
                                'run_id', e.run_id, 'host', e.host, 'exit_status', e.exit_status,
                                'started_at', {iso_time time=e.started_at},
                                'ended_at', case when e.ended_at is not null or e.alive_until is null
                                                 then {iso_time time=e.finished_at} end,
                                'since_ms', cast(round((julianday('now') - julianday(e.finished_at)) * 86400000)
                                                 as integer),
                                'claimed', json_extract(e.summary, '$.claimed'),
                                'has_died', json(iif(e.ended_at is null
                                                     and julianday(e.alive_until) < julianday('now'),
                                                     'true', 'false'))))
                         from (select r.*
                                 from autoreply_runs r
                                where r.run_id <> '00000000-0000-0000-0000-000000000000'
                                order by r.finished_at desc
                                limit 5) e)))
