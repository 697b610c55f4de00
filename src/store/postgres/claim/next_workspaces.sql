-- The next workspaces in turn that have a due job: walks from one workspace to the next in the index of
-- pending jobs, so that its cost follows the number of workspaces and not that of their jobs.
--
-- :from_start   true: from the beginning
-- :after        otherwise: the workspace before the first
-- :until        the last one; empty: to the end
-- :limit_due    how many to find
--
-- Returns {"workspaces": [...], "last": the last one seen, NULL where there was none}.
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
   cross join lateral (
      select coalesce(q.workspace_id, '') as workspace_id,
             q.next_attempt_at <= statement_timestamp() as due
        from {queue} q
       where q.status = 'pending' and coalesce(q.workspace_id, '') > w.workspace_id
       order by coalesce(q.workspace_id, ''), q.next_attempt_at
       limit 1) n
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
