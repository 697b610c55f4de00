-- A time as ISO 8601 text in UTC; NULL stays NULL.
--
-- {time} expression  a timestamp
to_char({time}::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
