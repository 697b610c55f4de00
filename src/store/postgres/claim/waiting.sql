-- Counts due jobs by workspace and contact. Looks at 1,000 jobs at most.
--
-- :count_max int  the counts of claims stop at this number
-- :job_filter json  as in fragment/filter.sql
--
-- Returns [{"workspace_id", "contact_id", "due", "recorded", "oldest_due_ms", "in_minute", "in_hour"}, ...], one element
-- per contact.
-- "recorded" counts the due jobs with a reply. "in_minute" and "in_hour" count the contact's claims in the
-- last minute and hour.
with due as materialized (
  -- Each half uses its own index. One condition with OR could not.
  (select coalesce(q.workspace_id, '') as workspace_id, q.contact_id, q.ai_log_id is not null as recorded,
          q.next_attempt_at as due_at
     from {queue} q
    where q.status = 'pending'
      and q.next_attempt_at <= statement_timestamp()
      and {filter}
    limit 1000)
  union all
  (select coalesce(q.workspace_id, ''), q.contact_id, q.ai_log_id is not null, q.lease_until
     from {queue} q
    where q.claim_token is not null
      and q.status || '' = 'processing'
      and q.lease_until <= statement_timestamp()
      and {filter}
    limit 1000)
   limit 1000
), contact as (
  select d.workspace_id, d.contact_id, count(*) as due, count(*) filter (where d.recorded) as recorded,
         min(d.due_at) as due_at
    from due d
   group by d.workspace_id, d.contact_id
)
select coalesce(json_agg(json_build_object(
         'workspace_id', c.workspace_id,
         'contact_id', c.contact_id,
         'due', c.due,
         'recorded', c.recorded,
         'oldest_due_ms', (extract(epoch from statement_timestamp() - c.due_at) * 1000)::bigint,
         'in_minute', (select count(*)
                         from (select 1 from {queue} r
                                where r.contact_id = c.contact_id
                                  and r.claimed_at > statement_timestamp() - interval '1 minute'
                                limit :count_max::int) n),
         'in_hour', (select count(*)
                       from (select 1 from {queue} r
                              where r.contact_id = c.contact_id
                                and r.claimed_at > statement_timestamp() - interval '1 hour'
                              limit :count_max::int) n))), '[]'::json)::text
  from contact c
