-- Finds out which of the host's tables exist, whether the queue is a table, and whether our tables exist.
--
-- :names json  [name, ...] of the host's tables
-- :queue_name text
--
-- Returns {"existing": [name, ...], "missing": [name, ...], "queue_is_table", "schema_table"}.
select json_object(
         'existing', json((select json_group_array(t.value) from json_each(:names) t
                            where exists (select 1 from sqlite_master s
                                           where s.name = t.value collate nocase and s.type in ('table', 'view')))),
         'missing', json((select json_group_array(t.value) from json_each(:names) t
                           where not exists (select 1 from sqlite_master s
                                              where s.name = t.value collate nocase and s.type in ('table', 'view')))),
         'queue_is_table', json(case when exists (select 1 from sqlite_master s
                                                   where s.name = :queue_name collate nocase and s.type = 'table')
                                     then 'true' else 'false' end),
         'schema_table', json(case when exists (select 1 from sqlite_master s
                                                 where s.name = 'autoreply_schema')
                                   then 'true' else 'false' end))
