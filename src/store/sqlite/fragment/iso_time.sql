-- A time as ISO 8601 text in UTC; NULL stays NULL.
--
-- {time} expression  a time in any form
strftime('%Y-%m-%dT%H:%M:%fZ', {time})
