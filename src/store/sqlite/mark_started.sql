-- Marks jobs as started and renews their leases where the token still holds.
-- :batch  [{"id", "token", "lease_ms"}, ...]
update {queue}
   set started_at = coalesce({queue}.started_at, {now}),
       lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', r.lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token,
               json_extract(value, '$.lease_ms') as lease_ms
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing'
