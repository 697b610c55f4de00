-- Counts the finished jobs that a purge would delete.
--
-- :older_ms int  how long ago they must have finished
-- :statuses json  ["complete", "error"] or one of them
-- :workspaces json  [id, ...]; empty: all
--
-- Returns their number.
select cast(count(*) as text) from {queue} q where {is_finished}
