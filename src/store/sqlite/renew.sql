-- Renews the leases of jobs whose token holds.
--
-- :batch json  [{"id", "token"}, ...]
-- :lease_ms int  milliseconds from now
-- :run_id text  of the run that holds them, which thus gives a sign of life; may be empty
--
-- Returns the renewed jobs: [id, ...].
{held};
update autoreply_runs
   set finished_at = {now},
       alive_until = max(alive_until, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', :lease_ms / 1000.0)))
 where run_id = :run_id and ended_at is null;
update {queue}
   set lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', :lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing'
