-- The column `failures` of the row q with one line more: a time and what failed. The same text as in the last line
-- adds nothing. If the lines are too many, the first one stays and the older ones of the others give way.
--
-- {at} expression  a timestamp
-- {text} expression  one line
(select case when right(q.failures, length(f.text) + 25) like '____-__-__T__:__:__.___Z %'
                  and right(q.failures, length(f.text)) = f.text then q.failures
             when length(coalesce(q.failures, '')) + length(f.text) < 4000 then concat_ws(e'\n', q.failures, f.line)
             else concat_ws(e'\n', left(split_part(q.failures, e'\n', 1), 600), right(q.failures, 2800), f.line) end
   from (select left(t.text, 500) as text, {iso_time time={at}} || ' ' || left(t.text, 500) as line
           from (select {text} as text) t) f)
