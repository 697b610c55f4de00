-- Renews the leases of jobs whose token holds. Skips rows that other transactions have locked: a wait for one
-- of them would delay all the others.
--
-- :batch json  [{"id", "token"}, ...]
-- :lease_ms int  milliseconds from now
-- :run_id text  of the run that holds them, which thus gives a sign of life; may be empty
--
-- Returns the renewed jobs: [id, ...].
with requested as (
  select r.* from jsonb_to_recordset(:batch::jsonb) as r(id uuid, token uuid)
), held as materialized (
  select q.id
    from {queue} q
    join requested r on r.id = q.id
   where q.claim_token is not distinct from r.token
     and q.status || '' = 'processing'
   order by q.id
     for update of q skip locked
), renewed as (
  update {queue} q
     set lease_until = statement_timestamp() + :lease_ms::bigint * interval '1 millisecond'
    from held h
   where q.id = h.id
  returning q.id
), alive as (
  update autoreply_runs
     set finished_at = statement_timestamp(),
         alive_until = greatest(alive_until, statement_timestamp() + :lease_ms::bigint * interval '1 millisecond')
   where run_id = nullif(:run_id, '')::uuid
     and ended_at is null
)
select coalesce(json_agg(r.id), '[]'::json)::text from renewed r
