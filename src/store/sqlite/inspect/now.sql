-- Returns the present time in ISO 8601.
select {now}
