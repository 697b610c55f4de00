-- Forgets the breaker of that name; see the statement of the same name for PostgreSQL.
-- :name
delete from autoreply_breakers where name = :name returning name
