-- The same for some jobs alone.
-- :only json [id, ...]
{forget_claims only={only_these}}
