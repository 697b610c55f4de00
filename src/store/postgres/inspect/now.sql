-- Returns the present time, or the time a while ago, in ISO 8601.
--
-- :ago_ms int
select {iso_time time=(statement_timestamp()-:ago_ms::bigint*'1ms'::interval)}
