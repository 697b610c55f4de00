select coalesce(max(version), 0)::text from autoreply_schema
