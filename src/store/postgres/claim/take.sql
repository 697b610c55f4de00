-- Claims the given jobs that are still due. Skips rows that other transactions have locked. A number of
-- attempts that has reached the maximum stays.
--
-- :picked json  [id, ...]
-- :claim_token uuid
-- :lease_ms int  milliseconds from now
-- :max_attempts int
--
-- Returns [{"id", "workspace_id", "contact_id", "message_id", "created_ms", "attempts", "attempts_before", "sends",
-- "ai_log_id", "former_log_id", "in_doubt", "kept_in_doubt", "broken_off", "error", "claimed_before", "previous_claim_ms"}, ...].
-- "broken_off" tells whether an earlier attempt started and did not end. "claimed_before" and
-- "previous_claim_ms" are the time of the previous claim, as text and in milliseconds since 1970.
with picked as materialized (
  select q.id, q.claimed_at as claimed_before,
         q.claim_token is not null and q.started_at is not null as broken_off,
         least(greatest(coalesce(q.attempts, 0)::bigint
                          - (q.claim_token is not null and q.started_at is null)::int, 0),
               2147483647) as attempts_before
    from jsonb_array_elements_text(:picked::jsonb) as r(id)
    join {queue} q on q.id = r.id::uuid
   where (q.status = 'pending' and q.next_attempt_at <= statement_timestamp())
      or (q.status || '' = 'processing' and q.claim_token is not null
          and q.lease_until <= statement_timestamp())
     for update of q skip locked
), taken as (
  update {queue} q
     set status = 'processing',
         attempts = least(p.attempts_before + 1, greatest(p.attempts_before, :max_attempts::bigint)),
         claim_token = :claim_token::uuid,
         may_have_reply = true,
         failures = case when p.broken_off
             then {with_failure at=coalesce(q.claimed_at,statement_timestamp()) text='{lost_run_failure}'}
             else q.failures end,
         claimed_at = statement_timestamp(),
         started_at = null,
         lease_until = statement_timestamp() + :lease_ms::bigint * interval '1 millisecond'
    from picked p
   where q.id = p.id
  returning q.id, q.workspace_id, q.contact_id, q.message_id, q.created_at::timestamptz as created_at, q.ai_log_id, q.former_log_id, q.sends,
            {in_doubt} as in_doubt, coalesce(q.outcome, '') like '{kept_in_doubt_note}%' as kept_in_doubt, q.attempts, left(q.error, 100) as error, p.attempts_before, p.broken_off, p.claimed_before
)
select coalesce(json_agg(json_build_object(
         'id', t.id,
         'workspace_id', t.workspace_id,
         'contact_id', t.contact_id,
         'message_id', t.message_id,
         'created_ms', case when isfinite(t.created_at) then (extract(epoch from t.created_at) * 1000)::bigint end,
         'attempts', t.attempts,
         'attempts_before', t.attempts_before,
         'sends', greatest(least(coalesce(t.sends, 0), 1000000), 0),
         'ai_log_id', t.ai_log_id,
         'former_log_id', t.former_log_id,
         'in_doubt', t.in_doubt,
         'kept_in_doubt', t.kept_in_doubt,
         'broken_off', t.broken_off,
         'error', t.error,
         'claimed_before', t.claimed_before::text,
         'previous_claim_ms', (extract(epoch from t.claimed_before) * 1000)::bigint)), '[]'::json)::text
  from taken t
