-- True if a key of the row c is a reference, and another workspace's id gives the same name of a key. The
-- names are counted once per statement, and only if a row has a reference.
case when c.row ->> 'api_key' ~* '^\s*(env|file):' or c.row ->> 'fallback_api_key' ~* '^\s*(env|file):'
     then upper(translate(c.row ->> 'workspace_id', '-', '_')) in (
            select upper(translate(o.workspace_id::text, '-', '_'))
              from {config} o
             group by 1
            having count(distinct o.workspace_id) > 1)
     else false end
