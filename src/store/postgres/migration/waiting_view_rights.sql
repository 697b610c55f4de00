-- Finds the statements that let the host read our view: every role that may insert into the queue, unless row security
-- hides rows of it from some roles. Whatever default privileges gave to others is revoked.
--
-- Returns them separated by semicolons, or NULL if there are none.
with host as (
  select distinct a.grantee
    from pg_class c
   cross join aclexplode(c.relacl) a
   where c.oid = to_regclass('{queue}')
     and not c.relrowsecurity
     and a.privilege_type = 'INSERT'
     and a.grantee not in (0, c.relowner)
), ours as (
  select c.oid, c.relname, c.relacl, c.relowner
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = '{own_schema}'
     and c.relname in ('autoreply_waiting', 'autoreply_holds')
)
select string_agg(s.statement, '; ' order by s.place)
  from (select distinct 1 as place, format('revoke all on %s from %s', o.oid::regclass,
                                           case when a.grantee = 0 then 'public' else a.grantee::regrole::text end)
                                      as statement
          from ours o
         cross join aclexplode(o.relacl) a
         where o.relname = 'autoreply_waiting'
           and a.grantee <> o.relowner
           and a.grantee not in (select h.grantee from host h)
        union
        select 2, format('grant select on %s to %s', o.oid::regclass, h.grantee::regrole)
          from ours o
         cross join host h
         where not has_table_privilege(h.grantee, o.oid, 'SELECT')) s
