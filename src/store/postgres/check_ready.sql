-- What `run` must know before it claims. Only names that exist can be asked for their row security.
select json_build_object(
         'schema_table', to_regclass('autoreply_schema') is not null,
         'missing', (select coalesce(json_agg(t.name), '[]'::json)
                       from unnest(array['{queue}', '{logs}', '{messages}', '{contacts}', '{config}'])
                         as t(name)
                      where to_regclass(t.name) is null),
         'hidden', (select coalesce(json_agg(t.name), '[]'::json)
                      from unnest(array['{queue}', '{logs}', '{messages}', '{contacts}', '{config}'])
                        as t(name)
                     where to_regclass(t.name) is not null
                       and row_security_active(to_regclass(t.name)::oid)))::text
