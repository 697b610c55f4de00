-- Counts due jobs by workspace and contact. Looks at 1,000 jobs at most, but for the age of the oldest, for which it
-- walks from workspace to workspace.
--
-- :count_max int  the counts of claims stop at this number
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"oldest_due_ms": how long the oldest due job of any workspace has been due, or NULL, "contacts":
-- [{"workspace_id", "contact_id", "due", "recorded", "in_minute", "in_hour"}, ...]}, one element per contact. "recorded"
-- counts the due jobs with a reply. "in_minute" and "in_hour" count the contact's claims in the last minute and hour.
with recursive first (workspace_id, due_at) as (
  (select coalesce(q.workspace_id, ''), q.next_attempt_at
     from {queue} q
    where q.status = 'pending'
    order by coalesce(q.workspace_id, ''), q.next_attempt_at
    limit 1)
  union all
  select n.workspace_id, n.due_at
    from first w
   cross join lateral (
     select coalesce(q.workspace_id, '') as workspace_id, q.next_attempt_at as due_at
       from {queue} q
      where q.status = 'pending' and coalesce(q.workspace_id, '') > w.workspace_id
      order by coalesce(q.workspace_id, ''), q.next_attempt_at
      limit 1) n
), oldest as (
  select least((select min(f.due_at) from first f),
               (select min(q.lease_until)
                  from {queue} q
                 where q.claim_token is not null and q.status || '' = 'processing')) as due_at
), due as materialized (
  -- Each half uses its own index. One condition with OR could not.
  (select coalesce(q.workspace_id, '') as workspace_id, q.contact_id, q.ai_log_id is not null as recorded
     from {queue} q
    where q.status = 'pending'
      and q.next_attempt_at <= statement_timestamp()
      and {filter}
    limit 1000)
  union all
  (select coalesce(q.workspace_id, ''), q.contact_id, q.ai_log_id is not null
     from {queue} q
    where q.claim_token is not null
      and q.status || '' = 'processing'
      and q.lease_until <= statement_timestamp()
      and {filter}
    limit 1000)
   limit 1000
), contact as (
  select d.workspace_id, d.contact_id, count(*) as due, count(*) filter (where d.recorded) as recorded
    from due d
   group by d.workspace_id, d.contact_id
)
select json_build_object(
         'oldest_due_ms', (select (extract(epoch from statement_timestamp() - o.due_at) * 1000)::bigint
                             from oldest o where o.due_at <= statement_timestamp()),
         'contacts', (select coalesce(json_agg(json_build_object(
           'workspace_id', c.workspace_id,
           'contact_id', c.contact_id,
           'due', c.due,
           'recorded', c.recorded,
           'in_minute', (select count(*)
                           from (select 1 from {queue} r
                                  where r.contact_id = c.contact_id
                                    and r.claimed_at > statement_timestamp() - interval '1 minute'
                                  limit :count_max::int) n),
           'in_hour', (select count(*)
                         from (select 1 from {queue} r
                                where r.contact_id = c.contact_id
                                  and r.claimed_at > statement_timestamp() - interval '1 hour'
                                limit :count_max::int) n))), '[]'::json)
            from contact c))::text
