-- Restricts an update of the queue to the jobs in :only.
and q.id::text in (select jsonb_array_elements_text(:only::jsonb))
