-- Puts jobs back to `pending`, due now, with fresh attempts and a fresh age. A job whose customer may have the reply is
-- in doubt: the host's record is asked before the reply is sent again, and not before it can show it. A failed one may
-- be sent once more.
--
-- :ids json  [id, ...]
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
--
-- Returns the jobs that were put back: [id, ...].
select json_group_array(q.id)
  from json_each(:ids) i
  join {queue} q on q.id = i.value
 where {selected};
update {queue} as q
   set status = 'pending',
       attempts = 0,
       error = null,
       processed_at = null,
       next_attempt_at = case when {may_have_arrived} and not {discards}
           then max({now},
                    coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', q.sent_at, '+2 minutes'), ''),
                    iif(q.status = 'pending', coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', q.next_attempt_at), ''), ''))
           -- A job that is due keeps its place before those that came later.
           when q.status = 'pending' and {due_at} <= julianday('now') then q.next_attempt_at
           else {now} end,
       retried_at = {now},
       claim_token = null,
       lease_until = null,
       started_at = null,
       former_log_id = case when {discards} then q.ai_log_id else q.former_log_id end,
       ai_log_id = case when not {discards} then q.ai_log_id end,
       may_have_reply = q.ai_log_id is not null and not {discards},
       sends = case when {discards} then 0 when {may_have_arrived} and q.status = 'error' then 1 else q.sends end,
       sent_at = case when not {discards} then q.sent_at end,
       outcome = case when not {may_have_arrived} or {discards} then '{put_back_note}'
                      when q.status = 'error' then '{kept_in_doubt_note}'
                      else coalesce(q.outcome, '{in_doubt_note}: put back by autoreply retry') end
 where q.id in (select value from json_each(:ids))
   and {selected}
