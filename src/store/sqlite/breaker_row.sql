-- A row of the breakers, as b, in JSON; times in milliseconds since 1970.
json_object(
  'name', b.name,
  'label', b.label,
  'failed_jobs', json(b.failed_jobs),
  'opened_at', cast(round((julianday(b.opened_at) - 2440587.5) * 86400000) as integer),
  'changed_at', cast(round((julianday(b.changed_at) - 2440587.5) * 86400000) as integer),
  'probe_at', cast(round((julianday(b.probe_at) - 2440587.5) * 86400000) as integer),
  'pause_ms', b.pause_ms,
  'probing_until', cast(round((julianday(b.probing_until) - 2440587.5) * 86400000) as integer),
  'blocked_until', cast(round((julianday(b.blocked_until) - 2440587.5) * 86400000) as integer),
  'in_flight_max', b.in_flight_max,
  'successes', b.successes)
