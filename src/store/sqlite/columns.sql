-- The names of a table's or view's columns, in lower case: [name, ...].
select json_group_array(lower(name)) from pragma_table_info(:table_name)
