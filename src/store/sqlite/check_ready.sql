-- What `run` must know before it claims: whether ours is there, and which of the host's tables are not; see the
-- statement of the same name for PostgreSQL. Nothing is hidden here, and there are no roles.
select json_object(
         'schema_table', json(case when exists (select 1 from sqlite_master s where s.name = 'autoreply_schema')
                                   then 'true' else 'false' end),
         'missing', json((select json_group_array(t.value) from json_each('{table_roles}') t
                           where not exists (select 1 from sqlite_master s
                                              where s.name = t.value collate nocase
                                                and s.type in ('table', 'view')))))
