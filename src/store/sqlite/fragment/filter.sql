-- Which rows of the queue, as q, a claim may take; stands in the statements that look for jobs. An id that is
-- NULL or of another storage class than text names no job.
typeof(q.id) = 'text'
and (json_extract(:job_filter, '$.workspace_ids') is null
 or q.workspace_id in (select value from json_each(:job_filter, '$.workspace_ids')))
and (json_extract(:job_filter, '$.contact_ids') is null
     or q.contact_id in (select value from json_each(:job_filter, '$.contact_ids')))
and (json_extract(:job_filter, '$.job_ids') is null
     or q.id in (select value from json_each(:job_filter, '$.job_ids')))
and (json_extract(:job_filter, '$.not_job_ids') is null
     or q.id not in (select value from json_each(:job_filter, '$.not_job_ids')))
and (json_extract(:job_filter, '$.created_since') is null
     or julianday(q.created_at) >= julianday(json_extract(:job_filter, '$.created_since')))
and (json_extract(:job_filter, '$.created_before') is null
     or julianday(q.created_at) < julianday(json_extract(:job_filter, '$.created_before')))
and (json_extract(:job_filter, '$.not_in_doubt') is null or not {in_doubt})
