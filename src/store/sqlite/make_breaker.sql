-- Creates a breaker if there is none. The transaction already has the write lock.
--
-- :name text
-- :label text  for people
insert into autoreply_breakers (name, label) values (:name, :label) on conflict (name) do nothing
