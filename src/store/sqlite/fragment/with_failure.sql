-- The column `failures` of the queue with one line more: a time and what failed. The oldest ones give way.
--
-- {at} expression  a time in any form
-- {text} expression  one line
substr(coalesce({queue}.failures || char(10), '') || {iso_time time={at}} || ' ' || {text}, -4000)
