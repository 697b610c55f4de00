-- The column `failures` of the row q with one line more: a time and what failed. The oldest ones give way.
--
-- {at} expression  a timestamp
-- {text} expression  one line
right(concat_ws(e'\n', q.failures, {iso_time time={at}} || ' ' || {text}), 4000)
