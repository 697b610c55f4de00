-- Finds the next workspaces in turn that have a due job. The walk goes from workspace to workspace in the
-- index of pending jobs. Its cost depends on the number of workspaces and not on the number of their jobs.
--
-- :from_start int  1: from the first workspace, 0: from the one after `after`
-- :after text  a workspace
-- :until text  the last workspace, or empty for no end
-- :limit_due int  number of workspaces to find
--
-- Returns {"workspaces": [id, ...], "last"}. "last" is the last workspace seen, or NULL if there was none.
with recursive walk as (
  (select coalesce(q.workspace_id, '') as workspace_id,
          q.next_attempt_at <= statement_timestamp() as due,
          (q.next_attempt_at <= statement_timestamp())::int as found
     from {queue} q
    where q.status = 'pending' and :from_start::boolean
    order by coalesce(q.workspace_id, ''), q.next_attempt_at
    limit 1)
  union all
  (select coalesce(q.workspace_id, ''),
          q.next_attempt_at <= statement_timestamp(),
          (q.next_attempt_at <= statement_timestamp())::int
     from {queue} q
    where q.status = 'pending' and not :from_start::boolean and coalesce(q.workspace_id, '') > :after
    order by coalesce(q.workspace_id, ''), q.next_attempt_at
    limit 1)
  union all
  select n.workspace_id, n.due, w.found + n.due::int
    from walk w
   cross join lateral ({next_workspace}) n
   where w.found < :limit_due::int
     and (:until = '' or w.workspace_id < :until)
), seen as (
  select w.*, row_number() over () as place
    from walk w
   where :until = '' or w.workspace_id <= :until
)
select json_build_object(
         'workspaces', (select coalesce(json_agg(s.workspace_id order by s.place), '[]'::json)
                          from seen s where s.due),
         'last', (select s.workspace_id from seen s order by s.place desc limit 1))::text
