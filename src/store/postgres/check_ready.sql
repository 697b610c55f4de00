-- Reads the facts that `run` needs before it claims: whether our tables exist, which of the host's tables are
-- missing, and which tables hide rows from this role. A view with security_invoker reads its tables as the
-- caller, so row security on those tables counts as well.
--
-- Returns {"schema_table": whether ours exist, "schema_readable", "role": the current one, "missing": [name,
-- ...], "hidden": [name, ...]}.
with recursive named (name, oid) as (
  select t.name, to_regclass(t.name)::oid
    from unnest(array['{queue}', '{logs}', '{messages}', '{contacts}', '{config}']) as t(name)
), read_as_us (name, oid, depth) as (
  select n.name, n.oid, 0 from named n where n.oid is not null
  union
  select r.name, d.refobjid, r.depth + 1
    from read_as_us r
    join pg_class c on c.oid = r.oid
    join pg_rewrite w on w.ev_class = r.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass
                    and d.objid = w.oid
                    and d.refclassid = 'pg_class'::regclass
                    and d.refobjid <> r.oid
   where r.depth < 8
     and exists (select 1
                   from pg_options_to_table(c.reloptions) o
                  where o.option_name = 'security_invoker' and o.option_value::boolean)
)
select json_build_object(
         'schema_table', to_regclass('{own}autoreply_schema') is not null,
         'schema_readable', coalesce(has_table_privilege(to_regclass('{own}autoreply_schema'), 'SELECT'), true),
         'role', current_user,
         'missing', (select coalesce(json_agg(n.name), '[]'::json) from named n where n.oid is null),
         'hidden', (select coalesce(json_agg(distinct r.name), '[]'::json)
                      from read_as_us r
                     where row_security_active(r.oid)))::text
