-- Puts the jobs that wronged.sql has returned (:ids) back to `pending`, with the attempts of :batch.
-- :reason  of the deferral
update {queue}
   set status = 'pending',
       attempts = w.attempts_before,
       processed_at = null,
       next_attempt_at = {now},
       outcome = '{deferred_note}: ' || :reason
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.attempts_before') as attempts_before
          from json_each(:batch)) w
 where {queue}.id = w.id
   and {queue}.id in (select value from json_each(:ids))
