-- When a row of the queue was created, as an instant; 0 where that cannot be read. Only what begins with a
-- year is taken for a time: SQLite would read 'now', too, which no index may hold, so that the host's own
-- write of it would fail.
coalesce(julianday(case when created_at glob '[0-9][0-9][0-9][0-9]-*' then created_at end), 0)
