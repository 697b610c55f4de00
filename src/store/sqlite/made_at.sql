coalesce(julianday(q.created_at), 0)
