-- Finds the jobs whose last settlement was under the given tokens.
--
-- :batch json  [{"id", "token"}, ...]
--
-- Returns [id, ...].
select coalesce(json_agg(q.id), '[]'::json)::text
  from jsonb_to_recordset(:batch::jsonb) as r(id uuid, token uuid)
  join {queue} q on q.id = r.id
 where q.settled_token = r.token
