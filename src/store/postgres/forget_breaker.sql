-- Deletes a breaker and what it holds.
--
-- :name text
--
-- Returns its name, or nothing if there was none.
with freed as (
  delete from autoreply_holds where breaker = :name
)
delete from autoreply_breakers where name = :name returning name
