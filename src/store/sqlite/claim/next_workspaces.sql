-- Finds the next workspaces in turn that have a due job. The walk goes from workspace to workspace in the
-- index of pending jobs. Its cost depends on the number of workspaces and not on the number of their jobs.
--
-- :from_start int  1: from the first workspace, 0: from the one after `after`
-- :after text  a workspace
-- :until text  the last workspace, or empty for no end
-- :limit_due int  number of workspaces to find
--
-- Returns {"workspaces": [id, ...], "last"}. "last" is the last workspace seen, or NULL if there was none.
with recursive walk (workspace_id, found, place) as (
  select case when cast(:from_start as integer)
              then (select min({workspace}) from {queue} q where q.status = 'pending')
              else (select min({workspace}) from {queue} q where q.status = 'pending' and {workspace} > :after)
         end, 0, 1
  union all
  select {next_workspace},
         w.found + {has_due_job row=w},
         w.place + 1
    from walk w
   where w.workspace_id is not null
     and w.found < cast(:limit_due as integer)
     and (:until = '' or w.workspace_id < :until)
), seen as (
  select w.workspace_id, w.place,
         {has_due_job row=w} as due
    from walk w
   where w.workspace_id is not null
     and (:until = '' or w.workspace_id <= :until)
     and w.found < cast(:limit_due as integer)
)
select json_object(
         'workspaces', json((select json_group_array(cast(s.workspace_id as text))
                               from (select * from seen where due order by place) s)),
         'last', (select cast(s.workspace_id as text) from seen s order by s.place desc limit 1))
