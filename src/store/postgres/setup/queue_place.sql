-- Finds the schema of the queue, the key of its claim lock, and the type of its status. If the queue is a
-- view, the table beneath it counts: runs on either share the claim lock and our own tables. If a view has
-- several tables, the one with our columns counts.
--
-- Returns {"schema", "lock_key", "status_type", "tables": {"queue": "schema.name", ...}, "triggers": [name,
-- ...], "plain_types", "functions": [name, ...], "owner"}. "tables" has those whose names hold no dot. "triggers"
-- run on our writes and set no search path of their own. "plain_types" tells whether the columns that statements
-- compare have types whose operators are PostgreSQL's own. "functions" are those of kept_plans.h that this role may
-- execute and that the owner of our tables owns. "owner" is the owner of our tables, in quotes.
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
  select c.oid, n.oid as namespace, n.nspname
    from beneath b
    join pg_class c on c.oid = b.oid and c.relkind in ('r', 'p', 'f')
    join pg_namespace n on n.oid = c.relnamespace
   order by exists (select 1 from pg_attribute a
                     where a.attrelid = c.oid and a.attname = 'claim_token' and not a.attisdropped) desc,
            b.depth, c.oid
   limit 1
), host as (
  select t.key, c.oid, n.nspname, c.relname
    from (values ('queue', '{queue}'), ('logs', '{logs}'), ('messages', '{messages}'),
                 ('contacts', '{contacts}'), ('config', '{config}')) as t (key, name)
    join pg_class c on c.oid = to_regclass(t.name)
    join pg_namespace n on n.oid = c.relnamespace
)
select json_build_object(
         'schema', (select nspname from base),
         'lock_key', (select oid::bigint % 2147483647 from base),
         'status_type', (select format('%I.%I', n.nspname, t.typname)
                           from pg_attribute a
                           join pg_type t on t.oid = a.atttypid
                           join pg_namespace n on n.oid = t.typnamespace
                          where a.attrelid = to_regclass('{queue}')
                            and a.attname = 'status'
                            and not a.attisdropped),
         'tables', (select coalesce(json_object_agg(h.key, h.nspname || '.' || h.relname), '{}'::json)
                      from host h
                     where strpos(h.nspname || h.relname, '.') = 0),
         'triggers', (
           select coalesce(json_agg(distinct format('%s of %s', g.tgname, g.tgrelid::regclass)), '[]'::json)
             from pg_trigger g
             join pg_proc f on f.oid = g.tgfoid
            where g.tgrelid in (select h.oid from host h where h.key in ('queue', 'logs')
                                union
                                select b.oid from base b)
              and not g.tgisinternal
              and g.tgenabled <> 'D'
              and not exists (select 1 from unnest(f.proconfig) as s(setting)
                               where s.setting like 'search\_path=%')),
         'plain_types', not exists (
           select 1
             from host h
             join pg_attribute a on a.attrelid = h.oid and a.attnum > 0 and not a.attisdropped
             join pg_type t on t.oid = a.atttypid
             left join pg_type b on b.oid = t.typbasetype
            where a.attname in ('id', 'workspace_id', 'contact_id', 'message_id', 'ai_log_id', 'status',
                                'outcome', 'direction', 'created_at', 'processed_at')
              and coalesce(b.typtype, t.typtype) <> 'e'
              and coalesce(b.typnamespace, t.typnamespace) <> 'pg_catalog'::regnamespace),
         'functions', (select coalesce(json_agg(p.proname), '[]'::json)
                         from base b
                         join pg_class c on c.relnamespace = b.namespace and c.relname = 'autoreply_schema'
                         join pg_proc p on p.pronamespace = b.namespace and p.proowner = c.relowner
                        where p.proname like 'autoreply\_%'
                          and has_function_privilege(p.oid, 'execute')),
         'owner', (select quote_ident(pg_get_userbyid(c.relowner))
                     from base b
                     join pg_class c on c.relnamespace = b.namespace and c.relname = 'autoreply_schema'))::text
