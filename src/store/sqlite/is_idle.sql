-- Asks whether a run would find nothing to do: the schema fits this program, the host's tables are there, no job is
-- due, and no claim has lapsed. Looks at one job for each workspace.
--
-- :schema_version int  of this program
-- :schema_revision int  of this program
--
-- Returns 'busy', 'idle', or who must mend a setting for which jobs wait although none is due: 'operator' or
-- 'workspace'. The statement fails if the queue or a column of it is missing.
with recursive walk (workspace_id) as (
  select min({workspace}) from {queue} q where q.status = 'pending'
  union all
  select {next_workspace}
    from walk w
   where w.workspace_id is not null
)
select case when ((select s.version = cast(:schema_version as integer) and s.revision >= cast(:schema_revision as integer)
                     from autoreply_schema s
                    order by s.version desc
                    limit 1)
             and not exists (select 1
                               from json_each('{table_roles}') t
                              where not exists (select 1 from sqlite_master s
                                                 where s.name = t.value collate nocase
                                                   and s.type in ('table', 'view')))
             and not exists (select 1
                               from walk w
                              where w.workspace_id is not null
                                and {has_due_job row=w})
             and not exists (select 1
                               from {queue} q
                              where q.claim_token is not null
                                and coalesce(julianday(q.lease_until), 0) <= julianday('now'))) is not true
            then 'busy'
            else coalesce(
              -- The operator's before a workspace's.
              (select min(case when b.scope = 'operator' then 'operator' else 'workspace' end)
                 from autoreply_holds h
                 join autoreply_breakers b on b.name = h.breaker
                where b.opened_at is not null
                  and b.scope <> 'job'
                  and case when h.workspace_id = ''
                           then exists (select 1 from {queue} q where q.status = 'pending')
                           else exists (select 1 from {queue} q where q.status = 'pending' and {workspace} = h.workspace_id) end),
              'idle') end
