-- Due jobs: longest due first, one a contact. Run inside BEGIN IMMEDIATE, so that claims take turns.
--
-- :limit_jobs, :window_rows   at most so many jobs out of so many of the longest due rows
-- :at_random                  any of those in the window instead of the longest due (1 or 0)
-- :max_attempts, :job_filter (JSON)
--
-- Returns {"considered": rows in the window, "jobs": [...]}. A full window with fewer jobs than asked
-- means that busy contacts filled it: the caller asks again with a wider one. Texts are cast, since JSON
-- takes no BLOB, and one in any row would fail every claim.
with pending_due as materialized (
  select q.id, q.contact_id, {due_at} as due_at, {made_at} as made_at
    from {queue} q
   where q.status = 'pending'
     and {due_at} <= julianday('now')
     and {filter}
   order by {due_at}, {made_at}, q.id
   limit cast(:window_rows as integer)
), ranked as (
  select w.id, w.due_at, w.made_at,
         row_number() over (partition by w.contact_id order by w.due_at, w.made_at, w.id) as place
    from pending_due w
   where w.contact_id is not null
     and not exists (select 1 from {queue} f
                      where f.contact_id = w.contact_id and f.claim_token is not null)
), head as (
  select r.id, r.due_at, r.made_at from ranked r where r.place = 1
  union all
  select w.id, w.due_at, w.made_at from pending_due w where w.contact_id is null
  union all
  select q.id, {due_at}, {made_at}
    from {queue} q
   where q.claim_token is not null
     and q.status = 'processing'
     and coalesce(julianday(q.lease_until), 0) <= julianday('now')
     and {filter}
), picked as (
  select q.*, h.due_at, h.made_at, {in_doubt} as in_doubt,
         q.claim_token is not null and q.started_at is not null as broken_off,
         max(coalesce(q.attempts, 0) - (q.claim_token is not null and q.started_at is null), 0)
           as attempts_before
    from head h
    join {queue} q on q.id = h.id
   order by case when cast(:at_random as integer) then random() end, h.due_at, h.made_at, h.id
   limit cast(:limit_jobs as integer)
)
select json_object(
         'considered', (select count(*) from pending_due),
         'jobs', json((select json_group_array(json_object(
                    'id', p.id,
                    'workspace_id', cast(p.workspace_id as text),
                    'contact_id', cast(p.contact_id as text),
                    'message_id', cast(p.message_id as text),
                    'attempts', min(p.attempts_before + 1,
                                    max(p.attempts_before, cast(:max_attempts as integer))),
                    'attempts_before', p.attempts_before,
                    'sends', coalesce(p.sends, 0),
                    'ai_log_id', p.ai_log_id,
                    'in_doubt', p.in_doubt,
                    'broken_off', p.broken_off))
                    from (select * from picked order by due_at, made_at, id) p)))
