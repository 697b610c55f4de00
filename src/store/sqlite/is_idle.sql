-- Asks whether a run would find nothing to do: the schema is this version's, the host's tables are there, no job is
-- due, and no claim has lapsed. Looks at one job for each workspace.
--
-- :schema_version int  of this program
--
-- Returns 'true' or 'false'. The statement fails if the queue or a column of it is missing.
with recursive walk (workspace_id) as (
  select min({workspace}) from {queue} q where q.status = 'pending'
  union all
  select {next_workspace}
    from walk w
   where w.workspace_id is not null
)
select case when (select max(s.version) from autoreply_schema s) = cast(:schema_version as integer)
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
                                and coalesce(julianday(q.lease_until), 0) <= julianday('now'))
            then 'true' else 'false' end
