-- Reads the state of an index of the queue.
--
-- :index_name text
--
-- Returns 'valid', 'invalid' if its build was broken off, or 'missing'.
select coalesce((select case when i.indisvalid then 'valid' else 'invalid' end
                   from pg_index i join pg_class c on c.oid = i.indexrelid
                  where i.indrelid = to_regclass('{queue}') and c.relname = :index_name), 'missing')
