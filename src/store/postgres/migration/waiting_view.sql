-- Creates the view that says why jobs wait. It reads the queue through a function, whose text PostgreSQL does not look
-- into: a view over the queue itself would keep the host from changing the types of its columns. The function has the
-- rights of the view's reader.
create or replace function autoreply_waiting_jobs()
returns table (job uuid, workspace_id text, reason text, since timestamptz, until timestamptz)
language sql stable
as $autoreply$
select w.job, w.workspace_id, w.reason, w.since, w.until from ({waiting_jobs}) w
$autoreply$;
create or replace view autoreply_waiting as
select w.job, w.workspace_id, w.reason, w.since, w.until from autoreply_waiting_jobs() w
