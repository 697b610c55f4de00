-- Counts the jobs of each workspace that are in flight and have no reply yet.
--
-- Returns {"<workspace>": jobs, ...}.
select json_group_object(f.workspace_id, f.jobs)
  from (select {workspace} as workspace_id, count(*) as jobs
          from {queue} q
         where q.claim_token is not null
           and q.status = 'processing'
           and coalesce(julianday(q.lease_until), 0) > julianday('now')
           and q.ai_log_id is null
         group by 1) f
