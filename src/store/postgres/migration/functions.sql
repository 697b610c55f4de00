-- Finds out which functions of kept_plans.h are to be made and dropped. The comment of each has its generation and
-- its tables. A migration to other functions begins a new generation. Functions that another role than the owner of
-- our tables owns do not count.
--
-- :names json  [name, ...] of this version
-- :tables text  for which they are
--
-- Returns {"current": whether all of them are there and of the newest generation, "next": the generation that
-- would follow, "obsolete": [function, ...] older than the newest}.
with functions as (
  select p.oid, p.proname, substring(d.description from 'generation ([0-9]{1,15}) for ')::bigint as generation
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_class c on c.relnamespace = n.oid and c.relname = 'autoreply_schema' and c.relowner = p.proowner
    join pg_description d on d.objoid = p.oid and d.classoid = 'pg_proc'::regclass
   where n.nspname = '{own_schema}'
     and p.proname ~ '^autoreply_[a-z_]+_[0-9a-f]{16}$'
     and split_part(d.description, ' for ', 2) = :tables
), newest as (
  select coalesce(max(f.generation), 0) as generation from functions f
)
select json_build_object(
         'current', not exists (
           select 1
             from jsonb_array_elements_text(:names::jsonb) as m (name)
            where not exists (select 1 from functions f, newest n
                               where f.proname = m.name and f.generation = n.generation)),
         'next', (select n.generation + 1 from newest n),
         'obsolete', (select coalesce(json_agg(f.oid::regprocedure), '[]'::json)
                        from functions f, newest n
                       where coalesce(f.generation, 0) < n.generation
                         and f.proname not in (select jsonb_array_elements_text(:names::jsonb))))::text
