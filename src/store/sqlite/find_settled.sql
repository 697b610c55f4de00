-- Finds the jobs whose last settlement was under the given tokens. See the statement of the same name for
-- PostgreSQL.
--
-- :batch json
--
-- Returns [id, ...].
select json_group_array(q.id)
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
 where q.settled_token = json_extract(r.value, '$.token')
