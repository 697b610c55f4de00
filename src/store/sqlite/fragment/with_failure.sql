-- The column `failures` of the queue with one line more: a time and what failed. The same text as in the last line
-- adds nothing. If the lines are too many, the first one stays and the older ones of the others give way.
--
-- {at} expression  a time in any form
-- {text} expression  one line
(select case when substr({queue}.failures, -(length(f.text) + 25)) like '____-__-__T__:__:__.___Z %'
                  and substr({queue}.failures, -length(f.text)) = f.text then {queue}.failures
             when length(coalesce({queue}.failures, '')) + length(f.text) < 4000
             then coalesce({queue}.failures || char(10), '') || f.line
             else substr({queue}.failures, 1, min(600, instr({queue}.failures || char(10), char(10)) - 1))
                  || char(10) || substr({queue}.failures, -2800) || char(10) || f.line end
   from (select substr(t.text, 1, 500) as text, coalesce({iso_time time={at}}, {now}) || ' ' || substr(t.text, 1, 500) as line
           from (select {text} as text) t) f)
