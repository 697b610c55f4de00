case when {g.limit} glob '[1-9]*' and {g.limit} not glob '*[^0-9]*' and length({g.limit}) <= 9
     then cast({g.limit} as integer) end
