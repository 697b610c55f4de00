-- Notes that a run has begun. A repeated call changes nothing.
--
-- :run_id uuid
-- :version text  of this program
-- :host text  name of the machine
-- :options json  {option: value, ...} as given, without secrets
-- :alive_ms int  if it gives no other sign of life for so long, it has died
insert into autoreply_runs (run_id, version, host, finished_at, duration_ms, exit_status, summary, started_at,
                            alive_until, options)
values (:run_id, :version, :host, {now}, 0, 0, '{}', {now},
        strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', :alive_ms / 1000.0)), :options)
    on conflict do nothing
