-- Ends pending jobs. Skips rows that other transactions have locked.
--
-- :ids json  [id, ...]
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
--
-- Returns the jobs that were ended: [id, ...].
with named as materialized (
  select q.id
    from {queue} q
   where q.id in (select i::uuid from jsonb_array_elements_text(:ids::jsonb) i)
     and {selected}
     for update of q skip locked
), ended as (
  update {queue} q
     set status = 'complete',
         processed_at = statement_timestamp(),
         error = null,
         outcome = '{cancelled_note}'
    from named n
   where q.id = n.id
  returning q.id
)
select coalesce(json_agg(e.id), '[]'::json)::text from ended e
