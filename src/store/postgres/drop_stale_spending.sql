-- Deletes what workspaces spent on days more than 60 days ago, at most 5,000 rows at a time.
delete from autoreply_spending p
 where (p.workspace_id, p.day) in (select s.workspace_id, s.day
                                     from autoreply_spending s
                                    where s.day < (statement_timestamp() at time zone 'UTC')::date - 60
                                    limit 5000
                                      for update skip locked)
