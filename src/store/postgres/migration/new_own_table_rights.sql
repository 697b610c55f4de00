-- Finds the statements that give new tables of ours the rights of autoreply_breakers: they revoke what default
-- privileges gave to others, and grant what the roles of runs have.
--
-- :tables json  [name, ...]
--
-- Returns them separated by semicolons, or NULL if there are none.
with fresh as (
  select c.oid, c.relacl, c.relowner
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = '{own_schema}'
     and c.relname in (select jsonb_array_elements_text(:tables::jsonb))
)
select string_agg(s.statement, '; ' order by s.place)
  from (select 1 as place, format('revoke all on %s from %s', f.oid::regclass, a.grantee::regrole) as statement
          from fresh f
         cross join aclexplode(f.relacl) a
         where a.grantee not in (0, f.relowner)
        union
        select 2, format('grant %s on %s to %s', a.privilege_type, f.oid::regclass, a.grantee::regrole)
          from fresh f
          join pg_class o on o.relname = 'autoreply_breakers'
          join pg_namespace n on n.oid = o.relnamespace and n.nspname = '{own_schema}'
         cross join aclexplode(o.relacl) a
         where a.grantee not in (0, o.relowner)) s
