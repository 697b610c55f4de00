-- Asks whether beat.sql would write.
--
-- Returns 'true' or 'false'.
select case when exists (select 1
                           from autoreply_runs r
                          where r.run_id = '00000000-0000-0000-0000-000000000000'
                            and julianday(r.finished_at) > julianday('now', '-10 seconds'))
            then 'false' else 'true' end
