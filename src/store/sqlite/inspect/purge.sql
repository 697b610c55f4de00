-- Deletes the finished jobs of one page of the queue, in the order of the ids.
--
-- :after text  the last id of the page before; empty: begins
-- :older_ms int  how long ago they must have finished
-- :statuses json  ["complete", "error"] or one of them
-- :workspaces json  [id, ...]; empty: all
--
-- Returns {"last": the last id of the page, or NULL if there is no more, "jobs": how many were deleted}.
with page as materialized (
  select q.id from {queue} q where q.id > :after order by q.id limit 5000
)
select json_object('last', (select max(p.id) from page p),
                   'jobs', (select count(*) from page p join {queue} q on q.id = p.id where {is_finished}));
delete from {queue} as q
 where q.id in (select p.id from (select c.id from {queue} c where c.id > :after order by c.id limit 5000) p)
   and {is_finished}
