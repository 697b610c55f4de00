-- Deletes a breaker.
--
-- :name text
--
-- Returns its name, or nothing if there was none.
delete from autoreply_breakers where name = :name returning name
