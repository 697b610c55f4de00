-- :breaker  as read_breaker.sql returns it
update autoreply_breakers b
   set failed_jobs = n.failed_jobs,
       opened_at = to_timestamp(n.opened_at / 1000.0),
       changed_at = to_timestamp(n.changed_at / 1000.0),
       probe_at = to_timestamp(n.probe_at / 1000.0),
       pause_ms = n.pause_ms,
       probing_until = to_timestamp(n.probing_until / 1000.0),
       blocked_until = to_timestamp(n.blocked_until / 1000.0),
       in_flight_max = n.in_flight_max,
       successes = n.successes
  from jsonb_to_record(:breaker::jsonb)
    as n(failed_jobs jsonb, opened_at bigint, changed_at bigint, probe_at bigint, pause_ms bigint,
         probing_until bigint, blocked_until bigint, in_flight_max int, successes int)
 where b.name = :name
