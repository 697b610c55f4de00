-- The workspace of a row of the queue as text, empty where there is none that could be one. Stands in
-- indexes, too.
case when typeof(workspace_id) in ('null', 'blob') then '' else cast(workspace_id as text) end
