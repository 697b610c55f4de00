-- Finds the statements that give a new table of ours to the roles that have rights to autoreply_breakers.
--
-- Returns them separated by semicolons, or NULL if there are none.
select string_agg(format('grant %s on %s to %s', r.privilege_type, n.oid::regclass, r.grantee::regrole), '; ')
  from pg_class o
  join pg_namespace s on s.oid = o.relnamespace
 cross join aclexplode(o.relacl) r
  join pg_class n on n.relnamespace = s.oid and n.relname in ('autoreply_spending')
 where s.nspname = '{own_schema}'
   and o.relname = 'autoreply_breakers'
   and r.grantee not in (0, o.relowner)
   and not has_table_privilege(r.grantee, n.oid, r.privilege_type)
