-- Finds the statements that give our new columns of the queue to the roles that have a right to the others column by
-- column.
--
-- Returns them separated by semicolons, or NULL if there are none.
select string_agg(format('grant %s (%I) on %s to %s', r.privilege_type, n.attname, o.attrelid::regclass,
                         case when r.grantee = 0 then 'public' else r.grantee::regrole::text end), '; ')
  from pg_attribute o
 cross join aclexplode(o.attacl) r
  join pg_attribute n on n.attrelid = o.attrelid and n.attacl is null and not n.attisdropped
 where o.attrelid = to_regclass('{queue}')
   and o.attname = 'claim_token'
   and n.attname in ('settled_token', 'may_have_reply', 'retried_at', 'former_log_id', 'waits_for',
                     'failures')
