-- Counts the jobs that failed in the last 24 hours by what went wrong.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"failed", "causes": [{"cause", "jobs", "last_at"}, ...]}, the most frequent twenty.
with failed as materialized (
  select coalesce(cast(q.outcome as text), cast(q.error as text), '') as cause,
         julianday(q.processed_at) as failed_at
    from {queue} q
   where q.status = 'error'
     and julianday(q.processed_at) > julianday('now', '-24 hours')
     and {filter}
)
select json_object(
         'failed', (select count(*) from failed),
         'causes', json((select json_group_array(json_object('cause', c.cause, 'jobs', c.jobs,
                                                             'last_at', c.last_at))
                           from (select substr(f.cause, 1, 200) as cause, count(*) as jobs,
                                        {iso_time time=max(f.failed_at)} as last_at
                                   from failed f
                                  group by 1
                                  order by 2 desc, 1
                                  limit 20) c)))
