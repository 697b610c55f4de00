-- Writes the state of a breaker. Its label stays.
--
-- :name text
-- :breaker json  as in fragment/breaker_row.sql
update autoreply_breakers
   set failed_jobs = json_extract(:breaker, '$.failed_jobs'),
       opened_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.opened_at') / 1000.0, 'unixepoch'),
       changed_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.changed_at') / 1000.0, 'unixepoch'),
       probe_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.probe_at') / 1000.0, 'unixepoch'),
       pause_ms = json_extract(:breaker, '$.pause_ms'),
       probing_until = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.probing_until') / 1000.0,
                                'unixepoch'),
       blocked_until = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.blocked_until') / 1000.0,
                                'unixepoch'),
       in_flight_max = json_extract(:breaker, '$.in_flight_max'),
       successes = json_extract(:breaker, '$.successes'),
       cause = json_extract(:breaker, '$.cause'),
       scope = json_extract(:breaker, '$.scope'),
       reason = json_extract(:breaker, '$.reason'),
       words = json_extract(:breaker, '$.words'),
       last_failed = json_extract(:breaker, '$.last_failed'),
       failing_since = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.failing_since') / 1000.0, 'unixepoch'),
       accepted_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(:breaker, '$.accepted_at') / 1000.0, 'unixepoch'),
       accepted_job = json_extract(:breaker, '$.accepted_job'),
       rejections = json_extract(:breaker, '$.rejections')
 where name = :name
