-- Reads the version and the revision of the schema. See the statement of the same name for PostgreSQL.
--
-- Returns 'version.revision'.
select coalesce((select s.version || '.' || (select revision from autoreply_schema r where r.version = s.version)
                   from autoreply_schema s
                  cross join (select 0 as revision) as unrevised
                  order by s.version desc
                  limit 1), '0.0')
