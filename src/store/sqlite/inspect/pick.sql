-- Finds jobs to change.
--
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
-- :limit int
--
-- Returns {"count": of all that match, "ids": [id, ...] of some}.
with chosen as materialized (
  select q.id from {queue} q where {selected}
)
select json_object(
         'count', (select count(*) from chosen),
         'ids', json((select json_group_array(s.id)
                        from (select c.id from chosen c limit cast(:limit as integer)) s)))
