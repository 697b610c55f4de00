-- Reads the facts that `run` needs before it claims: whether our tables exist, and which of the host's tables
-- are missing. SQLite has neither roles nor row security.
--
-- Returns {"schema_table": whether ours exist, "missing": [name, ...]}.
select json_object(
         'schema_table', json(case when exists (select 1 from sqlite_master s where s.name = 'autoreply_schema')
                                   then 'true' else 'false' end),
         'missing', json((select json_group_array(t.value) from json_each('{table_roles}') t
                           where not exists (select 1 from sqlite_master s
                                              where s.name = t.value collate nocase
                                                and s.type in ('table', 'view')))))
