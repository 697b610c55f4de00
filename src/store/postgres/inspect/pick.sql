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
select json_build_object(
         'count', (select count(*) from chosen),
         'ids', (select coalesce(json_agg(s.id), '[]'::json)
                   from (select c.id from chosen c limit :limit::int) s))::text
