-- Does the same as fill_next_attempt_at.sql in one statement, for a database that is not in use.
update {queue} set next_attempt_at = created_at::timestamptz
 where status = 'pending' and claim_token is null and created_at::timestamptz < next_attempt_at
