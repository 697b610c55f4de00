-- True if a person has selected the row q of the queue, and it is not changed yet.
--
-- :job_filter json  as in fragment/filter.sql
-- :selection json  {"statuses", "text", "change", "delivery_unknown", "regenerate", "begun_at"}; an absent key restricts
--   nothing; "change" is 'retry' or 'cancel' and leaves out the jobs to which it cannot be done; "begun_at" leaves
--   out jobs that were created or retried since; "regenerate" discards recorded replies
{filter}
and (json_extract(:selection, '$.statuses') is null
     or q.status in (select value from json_each(:selection, '$.statuses')))
and (json_extract(:selection, '$.text') is null
     or instr(lower(coalesce(cast(q.error as text), '') || ' ' || coalesce(cast(q.outcome as text), '')),
              lower(json_extract(:selection, '$.text'))) > 0)
and (json_extract(:selection, '$.begun_at') is null
     or (coalesce(julianday(q.retried_at) < julianday(json_extract(:selection, '$.begun_at')), 1)
         and coalesce(julianday(q.created_at) <= julianday(json_extract(:selection, '$.begun_at')), 1)))
and case json_extract(:selection, '$.change')
      when 'cancel' then q.status = 'pending' and q.claim_token is null
      when 'retry' then
        (q.claim_token is null or coalesce(julianday(q.lease_until), 0) <= julianday('now'))
        and (json_extract(:selection, '$.regenerate') is null
             or json_extract(:selection, '$.delivery_unknown') is not null
             or not {may_have_arrived})
        and ((q.status = 'error'
              and (json_extract(:selection, '$.delivery_unknown') is not null
                   or coalesce(q.outcome, '') not like '{unknown_delivery_note}%'))
             or (q.status = 'pending'
                 and ({due_at} > julianday('now') or coalesce(q.attempts, 0) > 0 or q.outcome is not null
                      -- The next run may end it as expired. Its age is counted anew.
                      or coalesce(julianday(q.retried_at), julianday(q.created_at)) < julianday('now', '-1 day')))
             or (q.status = 'processing'
                 and (q.claim_token is not null
                      -- The old service may be at work on it, so it must be named.
                      or json_extract(:job_filter, '$.job_ids') is not null)))
      else 1 end
