-- Writes the states of breakers. Their labels stay.
--
-- :batch json  [{...}, ...] as in fragment/breaker_row.sql
update autoreply_breakers b
   set failed_jobs = n.failed_jobs,
       opened_at = to_timestamp(n.opened_at / 1000.0),
       changed_at = to_timestamp(n.changed_at / 1000.0),
       probe_at = to_timestamp(n.probe_at / 1000.0),
       pause_ms = n.pause_ms,
       probing_until = to_timestamp(n.probing_until / 1000.0),
       blocked_until = to_timestamp(n.blocked_until / 1000.0),
       in_flight_max = n.in_flight_max,
       successes = n.successes,
       cause = n.cause,
       scope = n.scope,
       reason = n.reason,
       words = n.words,
       last_failed = n.last_failed,
       failing_since = to_timestamp(n.failing_since / 1000.0),
       accepted_at = to_timestamp(n.accepted_at / 1000.0),
       accepted_job = n.accepted_job,
       rejections = n.rejections
  from jsonb_to_recordset(:batch::jsonb)
    as n(name text, failed_jobs jsonb, opened_at bigint, changed_at bigint, probe_at bigint, pause_ms bigint,
         probing_until bigint, blocked_until bigint, in_flight_max int, successes int, cause text, scope text,
         reason text, words text, last_failed text, failing_since bigint, accepted_at bigint, accepted_job text,
         rejections jsonb)
 where b.name = n.name
