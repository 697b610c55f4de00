-- When a row of the queue, as q, is due. Every form of time is compared as an instant; where there is
-- none that can be read, the row counts as due, so that no customer waits for ever.
coalesce(julianday(q.next_attempt_at), julianday(q.created_at), 0)
