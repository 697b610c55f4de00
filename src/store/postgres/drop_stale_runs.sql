-- Deletes the records of runs that ended more than 30 days ago, at most 5,000 at a time.
delete from autoreply_runs r
 where r.run_id in (select s.run_id
                      from autoreply_runs s
                     where s.finished_at < statement_timestamp() - interval '30 days'
                     order by s.finished_at
                     limit 5000
                       for update skip locked)
