-- Finds the settings that have no value on the queue yet.
--
-- :settings text  'name = value, ...'
--
-- Returns them in the same form, or NULL if there are none.
select string_agg(s.setting, ', ')
  from unnest(string_to_array(:settings, ', ')) as s(setting)
 where not exists (select 1
                     from pg_class c, pg_options_to_table(c.reloptions) o
                    where c.oid = to_regclass('{queue}')
                      and o.option_name = split_part(s.setting, ' = ', 1))
