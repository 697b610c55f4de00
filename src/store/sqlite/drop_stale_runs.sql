-- Deletes the records of runs that ended more than 30 days ago.
delete from autoreply_runs where finished_at < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-30 days')
