-- Existing pending rows have been due since they were created. A row that the host inserts later
-- leaves the column NULL, which reads the same.
update {queue} set next_attempt_at = created_at where status = 'pending' and next_attempt_at is null
