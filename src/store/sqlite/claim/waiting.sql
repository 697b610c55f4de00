-- Counts due jobs by workspace and contact. Looks at 1,000 jobs at most, but for the age of the oldest.
--
-- :count_max int  the counts of claims stop at this number
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"oldest_due_ms": how long the oldest due job of any workspace has been due, or NULL, "contacts":
-- [{"workspace_id", "contact_id", "due", "recorded", "in_minute", "in_hour"}, ...]}, one element per contact. "recorded"
-- counts the due jobs with a reply. "in_minute" and "in_hour" count the contact's claims in the last minute and hour.
with due as materialized (
  select {workspace} as workspace_id, q.contact_id, q.ai_log_id is not null as recorded
    from {queue} q
   where q.status = 'pending'
     and {due_at} <= julianday('now')
     and {filter}
  union all
  select {workspace}, q.contact_id, q.ai_log_id is not null
    from {queue} q
   where q.claim_token is not null
     and q.status = 'processing'
     and coalesce(julianday(q.lease_until), 0) <= julianday('now')
     and {filter}
   limit 1000
), contact as (
  select d.workspace_id, d.contact_id, count(*) as due, sum(d.recorded) as recorded
    from due d
   group by d.workspace_id, d.contact_id
), oldest as (
  select min(o.due_at) as due_at
    from (select min({due_at}) as due_at from {queue} q where q.status = 'pending'
          union all
          select min(julianday(q.lease_until)) from {queue} q
           where q.claim_token is not null and q.status = 'processing') o
)
select json_object(
         'oldest_due_ms', (select cast(round((julianday('now') - o.due_at) * 86400000) as integer)
                             from oldest o where o.due_at <= julianday('now')),
         'contacts', json((select json_group_array(json_object(
           'workspace_id', c.workspace_id,
           'contact_id', coalesce(cast(c.contact_id as text), ''),
           'due', c.due,
           'recorded', c.recorded,
           'in_minute', (select count(*)
                           from (select 1 from {queue} r
                                  where r.contact_id = c.contact_id and r.claimed_at > {minute_ago}
                                  limit cast(:count_max as integer))),
           'in_hour', (select count(*)
                         from (select 1 from {queue} r
                                where r.contact_id = c.contact_id and r.claimed_at > {hour_ago}
                                limit cast(:count_max as integer)))))
            from contact c)))
