-- The names of a table's or view's columns, in lower case: [name, ...], computed ones too.
select json_group_array(lower(name)) from pragma_table_xinfo(:table_name) where hidden <> 1
