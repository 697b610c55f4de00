-- Lists jobs, the newest first.
--
-- :job_filter json  as in fragment/filter.sql
-- :selection json  as in fragment/selected.sql
-- :limit int
--
-- Returns {"count": of all that match, "jobs": [{...}, ...] as in fragment/job_entry.sql}.
select json_object(
         'count', (select count(*) from {queue} q where {selected}),
         'jobs', json((select json_group_array(json(n.entry))
                         from (select {job_entry} as entry
                                 from {queue} q
                                where {selected}
                                order by julianday(q.created_at) desc, q.id
                                limit cast(:limit as integer)) n)))
