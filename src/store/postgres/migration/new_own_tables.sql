-- Finds those of our tables that a later revision than the first has added and that are not there yet.
--
-- Returns [name, ...].
select coalesce(json_agg(t.name), '[]'::json)::text
  from unnest(array['autoreply_spending', 'autoreply_holds']) as t(name)
 where not exists (select 1
                     from pg_class c
                     join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = '{own_schema}' and c.relname = t.name)
