-- The workspace of a row of the queue as text; empty for NULL and for a BLOB. The indexes also use it.
case when typeof(workspace_id) in ('null', 'blob') then '' else cast(workspace_id as text) end
