-- Notes that a run has looked at the queue. All runs share the row, which is written every 10 s at most.
--
-- :version text  of this program
-- :host text  name of the machine
insert into autoreply_runs (run_id, version, host, finished_at, duration_ms, exit_status, summary)
select '00000000-0000-0000-0000-000000000000', :version, :host, statement_timestamp(), 0, 0, '{}'
 where not exists (select 1
                     from autoreply_runs r
                    where r.run_id = '00000000-0000-0000-0000-000000000000'
                      and r.finished_at > statement_timestamp() - interval '10 s')
    on conflict (run_id) do update
       set version = excluded.version, host = excluded.host, finished_at = excluded.finished_at
