-- State of the queue's index :index_name: 'missing', 'invalid' (left by a build that was broken off)
-- or 'valid'.
select coalesce((select case when i.indisvalid then 'valid' else 'invalid' end
                   from pg_index i join pg_class c on c.oid = i.indexrelid
                  where i.indrelid = to_regclass('{queue}') and c.relname = :index_name), 'missing')
