-- Returns the version of our tables, or 0 if none is noted.
select coalesce(max(version), 0)::text from autoreply_schema
