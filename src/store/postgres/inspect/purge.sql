-- Deletes the finished jobs of one page of the queue, in the order of the ids.
--
-- :after text  the last id of the page before; empty: begins
-- :older_ms int  how long ago they must have finished
-- :statuses json  ["complete", "error"] or one of them
-- :workspaces json  [id, ...]; empty: all
-- :deletes bool  false: only counts them
--
-- Returns {"last": the last id of the page, or NULL if there is no more, "looked_at", "jobs": how many were deleted}.
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
   where q.status || '' in (select jsonb_array_elements_text(:statuses::jsonb))
     and q.claim_token is null
     and q.processed_at::timestamptz < statement_timestamp() - :older_ms::bigint * interval '1 millisecond'
     and (:workspaces::jsonb = '[]'
          or coalesce(q.workspace_id, '') in (select jsonb_array_elements_text(:workspaces::jsonb)))
     for update of q skip locked
), gone as (
  delete from {queue} q
   using old o
   where q.id = o.id
     and :deletes::boolean
)
select json_build_object('last', (select p.id from page p order by p.id desc limit 1),
                         'looked_at', (select count(*) from page),
                         'jobs', (select count(*) from old))::text
