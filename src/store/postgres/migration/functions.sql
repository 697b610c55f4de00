-- Finds out which functions of kept_plans.h are to be made and dropped. Each has its generation as comment: a
-- migration to other functions begins a new one.
--
-- :names json  [name, ...] of this version
--
-- Returns {"current": whether all of them are there and of the newest generation, "next": the generation that
-- would follow, "obsolete": [function, ...] older than the newest}.
with functions as (
  select p.oid, p.proname,
         coalesce(substring(obj_description(p.oid, 'pg_proc') from 'generation ([0-9]{1,9})')::int, 0) as generation
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = '{own_schema}'
     and p.proname ~ '^autoreply_[a-z_]+_[0-9a-f]{16}$'
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
                       where f.generation < n.generation
                         and f.proname not in (select jsonb_array_elements_text(:names::jsonb))))::text
