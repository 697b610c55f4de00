-- A row of the breakers, as b, in JSON; times in milliseconds since 1970.
json_build_object(
  'name', b.name,
  'label', b.label,
  'failed_jobs', b.failed_jobs,
  'opened_at', (extract(epoch from b.opened_at) * 1000)::bigint,
  'changed_at', (extract(epoch from b.changed_at) * 1000)::bigint,
  'probe_at', (extract(epoch from b.probe_at) * 1000)::bigint,
  'pause_ms', b.pause_ms,
  'probing_until', (extract(epoch from b.probing_until) * 1000)::bigint,
  'blocked_until', (extract(epoch from b.blocked_until) * 1000)::bigint,
  'in_flight_max', b.in_flight_max,
  'successes', b.successes)
