-- Lists jobs, the newest first.
--
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
-- :limit int
--
-- Returns {"count": of all that match, "jobs": [{...}, ...] as in fragment/job_entry.sql}.
with chosen as materialized (
  select q.id, julianday(q.created_at) as made_at from {queue} q where {selected}
)
select json_object(
         'count', (select count(*) from chosen),
         'jobs', json((select json_group_array(json(e.entry))
                         from (select {job_entry} as entry
                                 from (select c.id, c.made_at
                                         from chosen c
                                        order by c.made_at desc, c.id
                                        limit cast(:limit as integer)) n
                                 join {queue} q on q.id = n.id
                                order by n.made_at desc, n.id) e)))
