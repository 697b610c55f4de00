-- Finds the statements that let the host read our view: the queue's owner, and every role that may read the queue and
-- insert into it, unless row security hides rows of it from some roles. A view that was made just now loses what
-- default privileges gave to others.
--
-- :is_new bool  the view was made just now
--
-- Returns them separated by semicolons, or NULL if there are none.
with queue as (
  select c.oid, c.relowner, c.relacl from pg_class c where c.oid = to_regclass('{queue}') and not c.relrowsecurity
), host as (
  select q.relowner as grantee from queue q
  union
  select a.grantee from queue q cross join aclexplode(q.relacl) a
   where a.grantee <> 0 and a.privilege_type in ('SELECT', 'INSERT')
   group by a.grantee
  having count(distinct a.privilege_type) = 2
), ours as (
  select c.oid::regclass::text as name, c.relacl, c.relowner, c.oid, c.relname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = '{own_schema}'
     and c.relname in ('autoreply_waiting', 'autoreply_holds')
)
select string_agg(s.statement, '; ' order by s.place)
  from (select distinct 1 as place, format('revoke all on %s from %s', o.name,
                                           case when a.grantee = 0 then 'public' else a.grantee::regrole::text end)
                                      as statement
          from ours o
         cross join aclexplode(o.relacl) a
         where :is_new::boolean
           and o.relname = 'autoreply_waiting'
           and a.grantee <> o.relowner
        union
        select 2, format('grant select on %s to %s', o.name, h.grantee::regrole)
          from ours o
         cross join host h
         where h.grantee <> o.relowner
           and not has_table_privilege(h.grantee, o.oid, 'SELECT')
        union
        select 2, format('grant execute on function %s to %s', p.oid::regprocedure, h.grantee::regrole)
          from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace
         cross join host h
         where n.nspname = '{own_schema}'
           and p.proname = 'autoreply_waiting_jobs'
           and h.grantee <> p.proowner
           and not has_function_privilege(h.grantee, p.oid, 'EXECUTE')) s
