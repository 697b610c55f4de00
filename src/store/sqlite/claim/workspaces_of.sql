-- Finds the workspaces of the jobs or contacts that a filter names.
--
-- :job_filter json  as in fragment/filter.sql; only "job_ids" and "contact_ids" count
--
-- Returns [workspace, ...].
select json_group_array(w.workspace_id)
  from (select {workspace} as workspace_id
          from {queue} q
         where q.id in (select value from json_each(:job_filter, '$.job_ids'))
        union
        select {workspace}
          from {queue} q
         where q.contact_id in (select value from json_each(:job_filter, '$.contact_ids'))) w
