-- Those of :settings ('name = value, ...') that nobody has set on the queue, or NULL.
select string_agg(s.setting, ', ')
  from unnest(string_to_array(:settings, ', ')) as s(setting)
 where not exists (select 1
                     from pg_class c, pg_options_to_table(c.reloptions) o
                    where c.oid = to_regclass('{queue}')
                      and o.option_name = split_part(s.setting, ' = ', 1))
