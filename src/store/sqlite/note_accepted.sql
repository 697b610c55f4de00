-- Notes that peers have accepted something; see the statement of the same name for PostgreSQL.
-- :batch
insert into autoreply_breakers (name, label, accepted_at, accepted_job)
select json_extract(value, '$.name'), json_extract(value, '$.label'), {now}, json_extract(value, '$.job')
  from json_each(:batch)
 where true
    on conflict (name) do update set accepted_at = excluded.accepted_at, accepted_job = excluded.accepted_job
