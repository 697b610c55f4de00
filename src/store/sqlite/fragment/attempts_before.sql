-- The attempts that a job has used before it is claimed: a claim that was never started used none.
max(coalesce(attempts, 0) - (claim_token is not null and started_at is null), 0)
