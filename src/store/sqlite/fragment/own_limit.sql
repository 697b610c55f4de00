-- The limit in the column {limit} of a configuration row, as a number; NULL unless it is one.
case when {limit} glob '[1-9]*' and {limit} not glob '*[^0-9]*' and length({limit}) <= 9
     then cast({limit} as integer) end
