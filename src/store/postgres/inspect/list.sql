-- Lists jobs, the newest first.
--
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
-- :limit int
--
-- Returns {"count": of all that match, "jobs": [{...}, ...] as in fragment/job_entry.sql}.
with chosen as materialized (
  select q.id, q.created_at from {queue} q where {selected}
)
select json_build_object(
         'count', (select count(*) from chosen),
         'jobs', (select coalesce(json_agg({job_entry} order by n.created_at desc, n.id), '[]'::json)
                    from (select c.id, c.created_at
                            from chosen c
                           order by c.created_at desc, c.id
                           limit :limit::int) n
                    join {queue} q on q.id = n.id))::text
