-- Notes that peers have accepted something. Leaves the rest of their breakers unchanged.
--
-- :batch json  [{"name", "label", "job"}, ...]
insert into autoreply_breakers (name, label, accepted_at, accepted_job)
select json_extract(value, '$.name'), json_extract(value, '$.label'), {now}, json_extract(value, '$.job')
  from json_each(:batch)
 where true
    on conflict (name) do update set accepted_at = excluded.accepted_at, accepted_job = excluded.accepted_job
