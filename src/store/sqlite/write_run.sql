-- Writes the summary of a finished run. A repeated call changes nothing.
--
-- :run_id uuid
-- :version text  of this program
-- :host text  name of the machine
-- :duration_ms int
-- :exit_status int
-- :summary json
insert into autoreply_runs (run_id, version, host, finished_at, duration_ms, exit_status, summary)
values (:run_id, :version, :host, {now}, cast(:duration_ms as integer), cast(:exit_status as integer),
        :summary)
    on conflict do nothing
