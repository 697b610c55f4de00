-- Claims the given jobs. They are still due: the same transaction found them under the write lock. A number
-- of attempts that has reached the maximum stays. Texts are cast: JSON takes no BLOB.
--
-- :picked json  [id, ...]
-- :claim_token uuid
-- :lease_ms int  milliseconds from now
-- :max_attempts int
--
-- Returns the same as the statement for PostgreSQL, but for "created_ms", by which only that one spares partitions.
select json_group_array(json_object(
         'id', p.id,
         'workspace_id', cast(p.workspace_id as text),
         'contact_id', cast(p.contact_id as text),
         'message_id', cast(p.message_id as text),
         'attempts', min(p.attempts_before + 1, max(p.attempts_before, cast(:max_attempts as integer))),
         'attempts_before', p.attempts_before,
         'sends', coalesce(p.sends, 0),
         'ai_log_id', p.ai_log_id,
         'former_log_id', p.former_log_id,
         'in_doubt', p.in_doubt,
         'kept_in_doubt', coalesce(p.outcome, '') like '{kept_in_doubt_note}%',
         'broken_off', p.broken_off,
         'error', substr(cast(p.error as text), 1, 100),
         'claimed_before', p.claimed_at,
         'previous_claim_ms', cast(round((julianday(p.claimed_at) - 2440587.5) * 86400000) as integer)))
  from (select q.*, {in_doubt} as in_doubt,
               q.claim_token is not null and q.started_at is not null as broken_off,
               {attempts_before} as attempts_before
          from json_each(:picked) r
          join {queue} q on q.id = r.value) p;
update {queue}
   set status = 'processing',
       attempts = min({attempts_before} + 1, max({attempts_before}, cast(:max_attempts as integer))),
       claim_token = :claim_token,
       may_have_reply = 1,
       failures = case when claim_token is not null and started_at is not null
           then {with_failure at=coalesce(claimed_at,'now') text='{lost_run_failure}'}
           else failures end,
       claimed_at = {now},
       started_at = null,
       lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', :lease_ms / 1000.0))
 where id in (select value from json_each(:picked))
