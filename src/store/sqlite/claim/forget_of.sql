-- Ends the claims that forget.sql would end, for certain jobs only.
--
-- :only json  [id, ...]
{forget_claims only={only_these}}
