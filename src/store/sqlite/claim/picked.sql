-- What take.sql must write and return of those :picked ([id, ...]) that are still claimable.
-- Texts are cast, since JSON takes no BLOB.
-- :max_attempts
select json_group_array(json_object(
         'id', p.id,
         'workspace_id', cast(p.workspace_id as text),
         'contact_id', cast(p.contact_id as text),
         'message_id', cast(p.message_id as text),
         'attempts', min(p.attempts_before + 1, max(p.attempts_before, cast(:max_attempts as integer))),
         'attempts_before', p.attempts_before,
         'sends', coalesce(p.sends, 0),
         'ai_log_id', p.ai_log_id,
         'in_doubt', p.in_doubt,
         'kept_in_doubt', coalesce(p.outcome, '') like '{kept_in_doubt_note}%',
         'broken_off', p.broken_off,
         'claimed_before', p.claimed_at,
         'previous_claim_ms', cast(round((julianday(p.claimed_at) - 2440587.5) * 86400000) as integer)))
  from (select q.*, {in_doubt} as in_doubt,
               q.claim_token is not null and q.started_at is not null as broken_off,
               max(coalesce(q.attempts, 0) - (q.claim_token is not null and q.started_at is null), 0)
                 as attempts_before
          from json_each(:picked) r
          join {queue} q on q.id = r.value) p
