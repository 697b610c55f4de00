-- Puts jobs back to `pending`, due now, with fresh attempts and a fresh age. A job in doubt stays in doubt, so the
-- host's record is asked before the reply is sent again; its reply is discarded only if "delivery_unknown" is set. Skips rows that other transactions have locked.
--
-- :ids json  [id, ...]
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
-- :regenerate int  1: discard a recorded reply
--
-- Returns the jobs that were put back: [id, ...].
with named as materialized (
  select q.id, d.in_doubt,
         q.ai_log_id is not null and :regenerate::int = 1
         and (not d.in_doubt or (:selection::jsonb ->> 'delivery_unknown') is not null) as discards
    from {queue} q
   cross join lateral (
     select {in_doubt} or coalesce(q.outcome, '') like '{unknown_delivery_note}%' as in_doubt) d
   where q.id in (select i::uuid from jsonb_array_elements_text(:ids::jsonb) i)
     and {selected}
     for update of q skip locked
), put_back as (
  update {queue} q
     set status = 'pending',
         attempts = 0,
         error = null,
         processed_at = null,
         next_attempt_at = statement_timestamp(),
         retried_at = statement_timestamp(),
         claim_token = null,
         lease_until = null,
         started_at = null,
         former_log_id = case when n.discards then q.ai_log_id else q.former_log_id end,
         ai_log_id = case when not n.discards then q.ai_log_id end,
         may_have_reply = q.ai_log_id is not null and not n.discards,
         sends = case when n.discards then 0 when n.in_doubt and q.status || '' = 'error' then 1 else q.sends end,
         sent_at = case when not n.discards then q.sent_at end,
         outcome = case when n.in_doubt and not n.discards
                        then '{in_doubt_note}: put back by autoreply retry'
                        else '{put_back_note}' end
    from named n
   where q.id = n.id
  returning q.id
)
select coalesce(json_agg(p.id), '[]'::json)::text from put_back p
