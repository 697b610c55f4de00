-- Gives existing pending rows their place in the queue: they have been due since their creation. A row that
-- the host inserts later leaves the column NULL, which means the same.
update {queue} set next_attempt_at = created_at where status = 'pending' and next_attempt_at is null
