-- The attempts that a job used before this claim. A claim that was never started used none.
max(coalesce(attempts, 0) - (claim_token is not null and started_at is null), 0)
