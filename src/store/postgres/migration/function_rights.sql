-- Finds the statements by which exactly the roles that may write our runs may execute the functions. Whatever
-- default privileges gave to other roles, and to PUBLIC, is revoked.
--
-- :names json  [name, ...]
--
-- Returns them separated by semicolons, or NULL if nothing is to change.
with functions as (
  select p.oid::regprocedure as name, p.proowner as owner, coalesce(p.proacl, acldefault('f', p.proowner)) as acl
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = '{own_schema}'
     and p.proname in (select jsonb_array_elements_text(:names::jsonb))
), workers as (
  select distinct a.grantee
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   cross join aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
   where n.nspname = '{own_schema}'
     and c.relname = 'autoreply_runs'
     and a.privilege_type = 'INSERT'
     and a.grantee <> 0
), granted as (
  select f.name, f.owner, a.grantee from functions f cross join aclexplode(f.acl) a
)
select string_agg(change.statement, '; ')
  from (select format('revoke all on function %s from %s', g.name,
                      case when g.grantee = 0 then 'public' else g.grantee::regrole::text end) as statement
          from granted g
         where g.grantee <> g.owner
           and g.grantee not in (select w.grantee from workers w)
        union all
        select format('grant execute on function %s to %s', f.name, w.grantee::regrole)
          from functions f
         cross join workers w
         where w.grantee <> f.owner
           and not exists (select 1 from granted g where g.name = f.name and g.grantee = w.grantee)) change
