-- When a row of the queue is due. Every form of time is compared as an instant; where there is none that
-- can be read, the row counts as due, so that no customer waits for ever. Stands in the index, too.
coalesce(julianday(case when next_attempt_at glob '[0-9][0-9][0-9][0-9]-*' then next_attempt_at end),
         {made_at})
