-- What fill_next_attempt_at.sql does page by page, for a database that no one uses meanwhile.
update {queue} set next_attempt_at = created_at::timestamptz
 where status = 'pending' and claim_token is null and created_at::timestamptz < next_attempt_at
