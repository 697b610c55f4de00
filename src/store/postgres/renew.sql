-- Renews the leases of jobs whose token still holds. A row that somebody else has locked is skipped,
-- since waiting for it would keep all the others from being renewed.
--
-- :batch  [{"id", "token"}, ...]
--
-- Returns [id, ...] of those renewed.
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
)
select coalesce(json_agg(r.id), '[]'::json)::text from renewed r
