-- Puts jobs back to `pending`, due now, with fresh attempts and a fresh age. A job whose customer may have the reply is
-- in doubt: the host's record is asked before the reply is sent again, and not before it can show it. A failed one may
-- be sent once more. Skips rows that other transactions have locked.
--
-- :ids json  [id, ...]
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
--
-- Returns the jobs that were put back: [id, ...].
with named as materialized (
  select q.id, q.status || '' = 'error' as has_failed, {may_have_arrived} as in_doubt,
         q.ai_log_id is not null and (:selection::jsonb ->> 'regenerate') is not null as discards
    from {queue} q
   where q.id in (select i::uuid from jsonb_array_elements_text(:ids::jsonb) i)
     and {selected}
     for update of q skip locked
), put_back as (
  update {queue} q
     set status = 'pending',
         attempts = 0,
         error = null,
         processed_at = null,
         next_attempt_at = case when n.in_doubt and not n.discards
             then greatest(statement_timestamp(), q.sent_at + interval '2 minutes',
                           case when q.status || '' = 'pending' then q.next_attempt_at end)
             -- A job that is due keeps its place before those that came later.
             when q.status || '' = 'pending' then least(q.next_attempt_at, statement_timestamp())
             else statement_timestamp() end,
         retried_at = statement_timestamp(),
         claim_token = null,
         lease_until = null,
         started_at = null,
         former_log_id = case when n.discards then q.ai_log_id else q.former_log_id end,
         ai_log_id = case when not n.discards then q.ai_log_id end,
         may_have_reply = q.ai_log_id is not null and not n.discards,
         sends = case when n.discards then 0 when n.in_doubt and n.has_failed then 1 else q.sends end,
         sent_at = case when not n.discards then q.sent_at end,
         outcome = case when not n.in_doubt or n.discards then '{put_back_note}'
                        when n.has_failed then '{kept_in_doubt_note}'
                        else coalesce(q.outcome, '{in_doubt_note}: put back by autoreply retry') end
    from named n
   where q.id = n.id
  returning q.id
)
select coalesce(json_agg(p.id), '[]'::json)::text from put_back p
