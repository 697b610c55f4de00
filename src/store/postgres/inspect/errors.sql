-- Counts the jobs that failed in the last 24 hours by what went wrong.
--
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"failed", "causes": [{"cause", "jobs", "last_at"}, ...]}, the most frequent twenty.
with failed as materialized (
  select coalesce(q.outcome, q.error, '') as cause, q.processed_at::timestamptz as failed_at
    from {queue} q
   where q.status || '' = 'error'
     and q.processed_at::timestamptz > statement_timestamp() - interval '24 hours'
     and {filter}
)
select json_build_object(
         'failed', (select count(*) from failed),
         'causes', (select coalesce(json_agg(c), '[]'::json)
                      from (select left(f.cause, 200) as cause, count(*) as jobs,
                                   {iso_time time=max(f.failed_at)} as last_at
                              from failed f
                             group by 1
                             order by 2 desc, 1
                             limit 20) c))::text
