-- The time at which a row of the queue is due, as a Julian day. All forms of time are compared as instants. A
-- row without a readable time has been due since its creation, so every customer is served. The indexes
-- also use it.
coalesce(julianday(case when next_attempt_at glob '[0-9][0-9][0-9][0-9]-*' then next_attempt_at end),
         {made_at})
