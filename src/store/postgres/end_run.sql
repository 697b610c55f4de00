-- Writes the summary of a finished run. A repeated call changes nothing.
--
-- :run_id uuid
-- :version text  of this program
-- :host text  name of the machine
-- :duration_ms int
-- :exit_status int
-- :summary json
insert into autoreply_runs as r (run_id, version, host, finished_at, duration_ms, exit_status, summary, started_at,
                                 ended_at)
values (:run_id::uuid, :version, :host, statement_timestamp(), :duration_ms::bigint, :exit_status::int, :summary::jsonb,
        statement_timestamp() - :duration_ms::bigint * interval '1 millisecond', statement_timestamp())
    on conflict (run_id) do update
       set finished_at = excluded.finished_at, duration_ms = excluded.duration_ms,
           exit_status = excluded.exit_status, summary = excluded.summary, ended_at = excluded.ended_at
     where r.ended_at is null
