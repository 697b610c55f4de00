-- Makes the breaker called :name where there is none.
insert into autoreply_breakers (name, label) values (:name, :label) on conflict (name) do nothing
