-- Returns the version of our tables, or 0 if none is noted.
select cast(coalesce(max(version), 0) as text) from autoreply_schema
