-- Renews the leases of jobs whose token holds.
--
-- :batch json  [{"id", "token"}, ...]
-- :lease_ms int  milliseconds from now
--
-- Returns the renewed jobs: [id, ...].
{held};
update {queue}
   set lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', :lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing'
