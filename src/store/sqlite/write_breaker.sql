-- :breaker  as read_breaker.sql returns it
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
       successes = json_extract(:breaker, '$.successes')
 where name = :name
