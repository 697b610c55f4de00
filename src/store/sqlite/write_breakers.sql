-- Writes the states of breakers. Their labels stay.
--
-- :batch json  [{...}, ...] as in fragment/breaker_row.sql
update autoreply_breakers as b
   set failed_jobs = json_extract(n.value, '$.failed_jobs'),
       opened_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.opened_at') / 1000.0, 'unixepoch'),
       changed_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.changed_at') / 1000.0, 'unixepoch'),
       probe_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.probe_at') / 1000.0, 'unixepoch'),
       pause_ms = json_extract(n.value, '$.pause_ms'),
       probing_until = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.probing_until') / 1000.0,
                                'unixepoch'),
       blocked_until = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.blocked_until') / 1000.0,
                                'unixepoch'),
       in_flight_max = json_extract(n.value, '$.in_flight_max'),
       successes = json_extract(n.value, '$.successes'),
       cause = json_extract(n.value, '$.cause'),
       scope = json_extract(n.value, '$.scope'),
       reason = json_extract(n.value, '$.reason'),
       words = json_extract(n.value, '$.words'),
       last_failed = json_extract(n.value, '$.last_failed'),
       failing_since = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.failing_since') / 1000.0, 'unixepoch'),
       accepted_at = strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.accepted_at') / 1000.0, 'unixepoch'),
       accepted_job = json_extract(n.value, '$.accepted_job'),
       rejections = json_extract(n.value, '$.rejections')
  from json_each(:batch) n
 where b.name = json_extract(n.value, '$.name')
