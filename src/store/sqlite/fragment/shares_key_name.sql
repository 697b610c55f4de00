-- True if a key of the row g is a reference, and another workspace's id gives the same name of a key.
(case when lower(ltrim({g.api_key}, char(9, 10, 11, 12, 13, 32))) like 'env:%'
           or lower(ltrim({g.api_key}, char(9, 10, 11, 12, 13, 32))) like 'file:%'
           or lower(ltrim({g.fallback_api_key}, char(9, 10, 11, 12, 13, 32))) like 'env:%'
           or lower(ltrim({g.fallback_api_key}, char(9, 10, 11, 12, 13, 32))) like 'file:%'
      then upper(replace(g.workspace_id, '-', '_')) in (
             select upper(replace(o.workspace_id, '-', '_'))
               from {config} o
              group by 1
             having count(distinct o.workspace_id) > 1)
      else 0 end)
