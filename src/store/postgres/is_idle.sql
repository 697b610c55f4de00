-- Asks whether a run would find nothing to do: the schema fits this program, no table hides rows from this role or
-- refuses its writes, no job is due, and no claim has lapsed. Looks at one job for each workspace. A view may hide
-- rows of the tables beneath it, so it counts as not idle.
--
-- :schema_version int  of this program
-- :schema_revision int  of this program
--
-- Returns 'busy', 'idle', or who must mend a setting for which jobs wait although none is due: 'operator' or
-- 'workspace'. The statement fails if a table or a column is missing.
with recursive {due_walk wanted=1}
select case when ((select s.version = :schema_version::int and s.revision >= :schema_revision::int
           from autoreply_schema s
          order by s.version desc
          limit 1)
        and (select count(*) = 5 and bool_and(c.relkind <> 'v' and not row_security_active(c.oid))
               from unnest(array['{queue}', '{logs}', '{messages}', '{contacts}', '{config}']) as t(name)
               join pg_class c on c.oid = to_regclass(t.name))
        and has_any_column_privilege('{queue}', 'UPDATE')
        and has_any_column_privilege('{logs}', 'INSERT')
        and (select bool_and(has_table_privilege(t.name, r.privilege))
               from unnest(array['{own}autoreply_breakers', '{own}autoreply_runs', '{own}autoreply_turns',
                                 '{own}autoreply_spending', '{own}autoreply_holds']) as t(name),
                    unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as r(privilege))
        and not exists (select 1 from walk w where w.due)
        and not exists (select 1
                          from {queue} q
                         where q.claim_token is not null
                           and coalesce(q.lease_until, '-infinity') <= statement_timestamp())) is not true
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
                           else exists (select 1 from {queue} q where q.status = 'pending' and coalesce(q.workspace_id, '') = h.workspace_id) end),
              'idle') end
