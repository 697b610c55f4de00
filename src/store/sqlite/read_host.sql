-- Reads the columns of the host's tables. SQLite has no privileges, and its columns generally take values of
-- any type. The result therefore has no types and grants every right.
--
-- Returns the same as the statement for PostgreSQL with fewer keys.
select json_object(
         'role', '',
         'own', json('[]'),
         'tables', json((
           select json_group_array(json_object(
                    'role', n.key,
                    'may_update', 1,
                    'may_insert', 1,
                    'fills_in', 0,
                    'columns', json((
                      select json_group_array(json_object(
                               'name', lower(c.name),
                               'needs_value', c."notnull" and c.dflt_value is null and not c.pk,
                               'fixed', c.hidden in (2, 3),
                               'select', 1, 'insert', 1, 'update', 1))
                        from pragma_table_xinfo(n.value) c
                       where c.hidden <> 1))))
             from json_each('{table_roles}') n
            where exists (select 1 from pragma_table_xinfo(n.value)))))
