-- True if a claim may take the row q of the queue. Conditions for absent keys fold to true when the statement
-- is planned.
--
-- :job_filter json  {"workspace_ids", "contact_ids", "job_ids", "not_job_ids", "created_since",
--   "created_before", "not_in_doubt"}; an absent key restricts nothing; the times are ISO 8601,
--   "created_before" is exclusive
((:job_filter::jsonb -> 'workspace_ids') is null
 or q.workspace_id in (select jsonb_array_elements_text(:job_filter::jsonb -> 'workspace_ids')))
and ((:job_filter::jsonb -> 'contact_ids') is null
     or q.contact_id::text in (select jsonb_array_elements_text(:job_filter::jsonb -> 'contact_ids')))
and ((:job_filter::jsonb -> 'job_ids') is null
     or q.id::text in (select jsonb_array_elements_text(:job_filter::jsonb -> 'job_ids')))
and ((:job_filter::jsonb -> 'not_job_ids') is null
     or q.id::text not in (select jsonb_array_elements_text(:job_filter::jsonb -> 'not_job_ids')))
and ((:job_filter::jsonb ->> 'created_since') is null
     or q.created_at::timestamptz >= (:job_filter::jsonb ->> 'created_since')::timestamptz)
and ((:job_filter::jsonb ->> 'created_before') is null
     or q.created_at::timestamptz < (:job_filter::jsonb ->> 'created_before')::timestamptz)
and ((:job_filter::jsonb ->> 'not_in_doubt') is null or not {in_doubt})
