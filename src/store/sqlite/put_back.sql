-- Puts jobs back to `pending` that still stand as a rejection left them; see the statement of the same name for
-- PostgreSQL.
-- :batch json [{"id", "attempts", "attempts_before", "at"}, ...], :reason text
-- Returns the ids of those jobs: [id, ...].
select json_group_array(q.id)
  from json_each(:batch) w
  join {queue} q on q.id = json_extract(w.value, '$.id')
 where {is_wronged};
update {queue} as q
   set status = 'pending',
       attempts = json_extract(w.value, '$.attempts_before'),
       processed_at = null,
       next_attempt_at = {now},
       outcome = '{deferred_note}: ' || :reason
  from json_each(:batch) w
 where q.id = json_extract(w.value, '$.id')
   and {is_wronged}
