-- Restricts an update of the queue to certain jobs.
--
-- :only json  [id, ...]
and q.id::text in (select jsonb_array_elements_text(:only::jsonb))
