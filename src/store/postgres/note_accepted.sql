-- Notes that peers have accepted something. Leaves the rest of their breakers unchanged.
--
-- :batch json  [{"name", "label", "job"}, ...]
insert into autoreply_breakers as b (name, label, accepted_at, accepted_job)
select r.name, r.label, statement_timestamp(), r.job
  from jsonb_to_recordset(:batch::jsonb) as r(name text, label text, job text)
 order by r.name
    on conflict (name) do update set accepted_at = excluded.accepted_at, accepted_job = excluded.accepted_job
