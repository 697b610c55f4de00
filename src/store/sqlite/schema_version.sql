select cast(coalesce(max(version), 0) as text) from autoreply_schema
