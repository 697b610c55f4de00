-- The workspaces of the jobs or contacts that a filter names; returns [...].
select json_group_array(w.workspace_id)
  from (select {workspace} as workspace_id
          from {queue} q
         where q.id in (select value from json_each(:job_filter, '$.job_ids'))
        union
        select {workspace}
          from {queue} q
         where q.contact_id in (select value from json_each(:job_filter, '$.contact_ids'))) w
