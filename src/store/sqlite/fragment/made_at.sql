-- The time at which a row of the queue was created, as a Julian day; 0 if it cannot be read. Only a text that
-- begins with a year counts as a time. SQLite would also read 'now', which an index must not contain, and the
-- host's own write of such a row would fail.
coalesce(julianday(case when created_at glob '[0-9][0-9][0-9][0-9]-*' then created_at end), 0)
