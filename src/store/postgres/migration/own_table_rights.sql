-- Finds the statements that revoke what default privileges gave to other roles when our tables were created.
--
-- Returns them separated by semicolons, or NULL if there are none.
select string_agg(format('revoke all on %s from %s', r.name, r.grantee::regrole), '; ')
  from (select distinct c.oid::regclass as name, a.grantee
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
         cross join aclexplode(c.relacl) a
         where n.nspname = '{own_schema}'
           and c.relname in ('autoreply_schema', 'autoreply_runs', 'autoreply_breakers', 'autoreply_turns',
                             'autoreply_spending', 'autoreply_holds')
           and a.grantee not in (0, c.relowner)) r
