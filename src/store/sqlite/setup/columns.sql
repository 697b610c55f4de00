-- Reads the names of the columns of a table or view, including computed ones.
--
-- :table_name text
--
-- Returns them in lower case: [name, ...].
select json_group_array(lower(name)) from pragma_table_xinfo(:table_name) where hidden <> 1
