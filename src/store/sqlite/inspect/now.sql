-- Returns the present time, or the time a while ago, in ISO 8601.
--
-- :ago_ms int
select strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('-%.3f seconds', :ago_ms / 1000.0))
