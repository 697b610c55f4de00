-- Finds the schema of the queue, the key of its claim lock, and the type of its status. If the queue is a
-- view, the table beneath it counts: runs on either share the claim lock and our own tables. If a view has
-- several tables, the one with our columns counts.
--
-- Returns {"schema", "lock_key", "status_type"}.
with recursive beneath (oid, depth) as (
  select to_regclass('{queue}')::oid, 0
  union
  select d.refobjid, b.depth + 1
    from beneath b
    join pg_rewrite r on r.ev_class = b.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass
                    and d.objid = r.oid
                    and d.refclassid = 'pg_class'::regclass
                    and d.refobjid <> b.oid
   where b.depth < 8
), base as (
  select c.oid, n.nspname
    from beneath b
    join pg_class c on c.oid = b.oid and c.relkind in ('r', 'p', 'f')
    join pg_namespace n on n.oid = c.relnamespace
   order by exists (select 1 from pg_attribute a
                     where a.attrelid = c.oid and a.attname = 'claim_token' and not a.attisdropped) desc,
            b.depth, c.oid
   limit 1
)
select json_build_object(
         'schema', (select nspname from base),
         'lock_key', (select oid::bigint % 2147483647 from base),
         'status_type', (select format_type(a.atttypid, null)
                           from pg_attribute a
                          where a.attrelid = to_regclass('{queue}')
                            and a.attname = 'status'
                            and not a.attisdropped))::text
