-- True if a claim may take the row q of the queue. An id that is not of the storage class text names no job.
--
-- :job_filter json  {"workspace_ids", "contact_ids", "job_ids", "not_job_ids", "created_since",
--   "created_before", "not_in_doubt"}; an absent key restricts nothing; the times are ISO 8601,
--   "created_before" is exclusive
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
