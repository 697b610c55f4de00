-- Reads from the catalog the columns of the host's tables, and the privileges of this role on them and on our
-- tables.
--
-- Returns {"role": the current one, "tables": [...], "own": [{"name", "select", "insert", "update"}, ...]}. A
-- table is {"role", "may_update", "may_insert", "fills_in", "columns": [...]}. "may_update" and "may_insert"
-- tell whether the table or view takes such writes. "fills_in" tells whether a trigger may fill in columns
-- before an insert. A column is {"name", "type", "category", "domain", "labels", "characters", "checks",
-- "needs_value", "fixed", "select", "insert", "update"}. "type" and "category" are those beneath any domain,
-- "labels" those of an enum. "characters" is the maximum length. "checks" are [{"name", "definition"}, ...]
-- of the queue's status only. A column that "needs_value" is NOT NULL without a default. A "fixed" column
-- cannot be written.
with named as (
  select t.role, to_regclass(t.name)::oid as oid
    from (values ('queue', '{queue}'), ('logs', '{logs}'), ('messages', '{messages}'),
                 ('contacts', '{contacts}'), ('config', '{config}')) as t (role, name)
), described as (
  select n.role, n.oid, a.attnum,
         json_build_object(
           'name', a.attname,
           'type', format_type(b.oid, null),
           'category', b.typcategory,
           'domain', b.oid <> a.atttypid,
           'labels', (select json_agg(e.enumlabel) from pg_enum e where e.enumtypid = b.oid),
           'characters', case when b.oid in ('varchar'::regtype, 'bpchar'::regtype) and b.mod > 4 then b.mod - 4 end,
           'checks', case when n.role = 'queue' and a.attname = 'status' then (
             select json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)))
               from pg_constraint k
              where k.contype = 'c'
                and (k.conrelid = n.oid and k.conkey = array[a.attnum] or k.contypid = t.oid)) end,
           'needs_value', a.attnotnull and not a.atthasdef and a.attidentity = ''
                          and t.typdefault is null,
           'fixed', a.attgenerated <> '' or a.attidentity = 'a',
           'select', has_column_privilege(n.oid, a.attnum, 'SELECT'),
           'insert', has_column_privilege(n.oid, a.attnum, 'INSERT'),
           'update', has_column_privilege(n.oid, a.attnum, 'UPDATE')) as facts
    from named n
    join pg_attribute a on a.attrelid = n.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
   cross join lateral (
     with recursive beneath (oid, base, depth, mod) as (
       select t.oid, t.typbasetype, 0, case when t.typbasetype = 0 then a.atttypmod else t.typtypmod end
       union all
       select d.oid, d.typbasetype, b.depth + 1, case when d.typbasetype = 0 then b.mod else d.typtypmod end
         from beneath b join pg_type d on d.oid = b.base
        where b.base <> 0 and b.depth < 16
     )
     select p.oid, p.typcategory, w.mod
       from beneath w join pg_type p on p.oid = w.oid
      order by w.depth desc
      limit 1) b
)
select json_build_object(
         'role', current_user,
         'tables', (
           select json_agg(json_build_object(
                    'role', n.role,
                    'may_update', coalesce(pg_relation_is_updatable(n.oid, true) & 4, 0) <> 0,
                    'may_insert', coalesce(pg_relation_is_updatable(n.oid, true) & 8, 0) <> 0,
                    'fills_in', exists (select 1 from pg_trigger g
                                         where g.tgrelid = n.oid and not g.tgisinternal and g.tgtype & 7 = 7),
                    'columns', (select coalesce(json_agg(d.facts order by d.attnum), '[]'::json)
                                  from described d where d.role = n.role)))
             from named n
            where n.oid is not null),
         'own', (
           select coalesce(json_agg(json_build_object(
                    'name', c.relname,
                    'select', has_table_privilege(c.oid, 'SELECT'),
                    'insert', has_table_privilege(c.oid, 'INSERT'),
                    'update', has_table_privilege(c.oid, 'UPDATE'))), '[]'::json)
             from pg_class c
             join pg_namespace s on s.oid = c.relnamespace
            where s.nspname = '{own_schema}' and c.relkind = 'r' and c.relname like 'autoreply\_%'))::text
