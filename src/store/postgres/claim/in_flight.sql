-- Counts the jobs of each workspace that are in flight and have no reply yet.
--
-- Returns {"<workspace>": jobs, ...}.
select coalesce(json_object_agg(f.workspace_id, f.jobs), '{}'::json)::text
  from (select coalesce(q.workspace_id, '') as workspace_id, count(*) as jobs
          from {queue} q
         where q.claim_token is not null
           and q.status || '' = 'processing'
           and q.lease_until > statement_timestamp()
           and q.ai_log_id is null
         group by 1) f
