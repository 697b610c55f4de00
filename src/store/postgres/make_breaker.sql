-- Creates a breaker if there is none, and locks it. Reports of several runs are then counted one after
-- another.
--
-- :name text
-- :label text  for people
insert into autoreply_breakers as b (name, label)
values (:name, :label)
    on conflict (name) do update set label = b.label
