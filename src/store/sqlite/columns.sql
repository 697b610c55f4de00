-- The names of a table's or view's columns: [name, ...].
select json_group_array(name) from pragma_table_info(:table_name)
