-- True if a person has selected the row q of the queue, and it is not changed yet.
--
-- :job_filter json  as in fragment/filter.sql
-- :selection json  {"statuses", "text", "change", "delivery_unknown", "regenerate", "begun_at"}; an absent key restricts
--   nothing; "change" is 'retry' or 'cancel' and leaves out the jobs to which it cannot be done; "begun_at" leaves
--   out jobs that were created or retried since; "regenerate" discards recorded replies
{filter}
-- An index finds the ids.
and ((:job_filter::jsonb -> 'job_ids') is null
     or q.id in (select i::uuid from jsonb_array_elements_text(:job_filter::jsonb -> 'job_ids') i))
and ((:selection::jsonb -> 'statuses') is null
     or q.status || '' in (select jsonb_array_elements_text(:selection::jsonb -> 'statuses')))
and ((:selection::jsonb ->> 'text') is null
     or position(lower(:selection::jsonb ->> 'text')
                 in lower(coalesce(q.error, '') || ' ' || coalesce(q.outcome, ''))) > 0)
and ((:selection::jsonb ->> 'begun_at') is null
     or (coalesce(q.retried_at < (:selection::jsonb ->> 'begun_at')::timestamptz, true)
         and q.created_at::timestamptz <= (:selection::jsonb ->> 'begun_at')::timestamptz))
and case :selection::jsonb ->> 'change'
      when 'cancel' then q.status || '' = 'pending' and q.claim_token is null
      when 'retry' then
        (q.claim_token is null or q.lease_until <= statement_timestamp())
        and ((:selection::jsonb ->> 'regenerate') is null or (:selection::jsonb ->> 'delivery_unknown') is not null
             or not {may_have_arrived})
        and ((q.status || '' = 'error'
              and ((:selection::jsonb ->> 'delivery_unknown') is not null
                   or coalesce(q.outcome, '') not like '{unknown_delivery_note}%'))
             or (q.status || '' = 'pending'
                 and (q.next_attempt_at > statement_timestamp() or coalesce(q.attempts, 0) > 0
                      or q.outcome is not null
                      -- The next run may end it as expired. Its age is counted anew.
                      or coalesce(q.retried_at, q.created_at::timestamptz)
                           < statement_timestamp() - interval '1 day'))
             or (q.status || '' = 'processing'
                 and (q.claim_token is not null
                      -- The old service may be at work on it, so it must be named.
                      or (:job_filter::jsonb -> 'job_ids') is not null)))
      else true end
