-- The limit in a column of the configuration as a number; NULL if the text is not a positive whole number of
-- at most nine digits.
--
-- {limit} expression  the column as text
case when {limit} glob '[1-9]*' and {limit} not glob '*[^0-9]*' and length({limit}) <= 9
     then cast({limit} as integer) end
