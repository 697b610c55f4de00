insert into autoreply_runs (run_id, version, host, finished_at, duration_ms, exit_status, summary)
values (:run_id, :version, :host, {now}, cast(:duration_ms as integer), cast(:exit_status as integer),
        :summary)
    on conflict do nothing
