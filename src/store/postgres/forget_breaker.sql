-- Forgets the breaker of that name.
--
-- :name
--
-- Returns its name, if there was one.
delete from autoreply_breakers where name = :name returning name
