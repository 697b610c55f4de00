-- Puts jobs back to `pending` after a rejection that was not their fault. Leaves out jobs that have changed
-- since the rejection.
--
-- :batch json  [{"id", "attempts", "attempts_before", "at"}, ...]: the attempts that the rejection left, the
--   attempts to restore, and the time of the rejection in milliseconds since 1970
-- :reason text  of the deferral
--
-- Returns the jobs that were put back: [id, ...].
with wronged as (
  select r.* from jsonb_to_recordset(:batch::jsonb) as r(id uuid, attempts int, attempts_before int, at bigint)
), put_back as (
  update {queue} q
     set status = 'pending',
         attempts = w.attempts_before,
         processed_at = null,
         may_have_reply = q.ai_log_id is not null,
         next_attempt_at = statement_timestamp(),
         outcome = '{deferred_note}: ' || :reason,
         waits_for = 'breaker'
    from wronged w
   where q.id = w.id
     and q.claim_token is null
     and q.attempts = w.attempts
     and coalesce(q.claimed_at, '-infinity') <= to_timestamp(w.at / 1000.0)
     and ((q.status || '' = 'error' and q.outcome like '{failed_note}%')
          or (q.status || '' = 'pending' and q.outcome like '{retried_note}%' and q.outcome not like '{in_doubt_note}%'))
  returning q.id
)
select coalesce(json_agg(p.id), '[]'::json)::text from put_back p
