-- Ends pending jobs.
--
-- :ids json  [id, ...]
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
--
-- Returns the jobs that were ended: [id, ...].
select json_group_array(q.id)
  from json_each(:ids) i
  join {queue} q on q.id = i.value
 where {selected};
update {queue} as q
   set status = 'complete',
       processed_at = {now},
       error = null,
       outcome = '{cancelled_note}'
 where q.id in (select value from json_each(:ids))
   and {selected}
