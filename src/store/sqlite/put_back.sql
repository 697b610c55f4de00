-- Puts jobs back to `pending` after a rejection that was not their fault. Leaves out jobs that have changed
-- since the rejection.
--
-- :batch json  [{"id", "attempts", "attempts_before", "at"}, ...]: the attempts that the rejection left, the
--   attempts to restore, and the time of the rejection in milliseconds since 1970
-- :reason text  of the deferral
--
-- Returns the jobs that were put back: [id, ...].
select json_group_array(q.id)
  from json_each(:batch) w
  join {queue} q on q.id = json_extract(w.value, '$.id')
 where {is_wronged};
update {queue} as q
   set status = 'pending',
       attempts = json_extract(w.value, '$.attempts_before'),
       processed_at = null,
       may_have_reply = q.ai_log_id is not null,
       next_attempt_at = {now},
       outcome = '{deferred_note}: ' || :reason,
       waits_for = 'breaker'
  from json_each(:batch) w
 where q.id = json_extract(w.value, '$.id')
   and {is_wronged}
