-- Deletes the finished jobs of one page of the queue, in the order of the ids.
--
-- :after text  the last id of the page before; empty: begins
-- :older_ms int  how long ago they must have finished
-- :statuses json  ["complete", "error"] or one of them
-- :workspaces json  [id, ...]; empty: all
--
-- Returns {"last": the last id of the page, or NULL if there is no more, "jobs": how many were deleted}.
with page as materialized (
  select q.id
    from {queue} q
   where :after = '' or q.id > nullif(:after, '')::uuid
   order by q.id
   limit 5000
), old as materialized (
  select q.id
    from page p
    join {queue} q on q.id = p.id
   where {is_finished}
     for update of q skip locked
), gone as (
  delete from {queue} q using old o where q.id = o.id returning 1
)
select json_build_object('last', (select p.id from page p order by p.id desc limit 1),
                         'jobs', (select count(*) from gone))::text
