-- Returns the present time in ISO 8601.
select {iso_time time=statement_timestamp()}
