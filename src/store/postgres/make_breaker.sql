-- Makes the breaker called :name where there is none, and locks it, so that reports of several runs are
-- counted one after the other.
insert into autoreply_breakers as b (name, label)
values (:name, :label)
    on conflict (name) do update set label = b.label
