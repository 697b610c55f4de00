-- Creates the view that says why jobs wait.
drop view if exists autoreply_waiting;
create view autoreply_waiting as
select w.job, w.workspace_id, w.reason, w.since, w.until from ({waiting_jobs}) w
