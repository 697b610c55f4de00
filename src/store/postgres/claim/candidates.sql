-- Finds jobs of several workspaces that may be claimed: longest due first, one per contact.
--
-- :asks json  [{"place", "workspace_id", "jobs", "rows", "replies", "at_random", "contact_per_minute",
--   "contact_per_hour", "max_age_ms"}, ...]: at most "jobs" out of the "rows" that have been due longest;
--   "replies" is 'any', 'recorded', 'none', 'in_doubt', or 'expired' for jobs older than "max_age_ms";
--   "at_random" takes any of those rows; NULL for a contact's limit means none
-- :coalesce int  1: the newest due job of each contact, 0: the one that has been due longest
-- :job_filter json  as in fragment/filter.sql
--
-- Returns [{"place", "considered", "jobs": [{"id", "contact_id", "recorded"}, ...]}, ...]. "considered" is
-- the number of pending rows in the window. If a full window has fewer jobs than asked for, it is full of
-- busy contacts. The caller then asks for a wider one.
with ask as (
  select a.*
    from jsonb_to_recordset(:asks::jsonb)
      as a(place int, workspace_id text, jobs int, rows int, replies text, at_random boolean, contact_per_minute int,
           contact_per_hour int, max_age_ms bigint)
), lapsed as materialized (
  select q.id, coalesce(q.workspace_id, '') as workspace_id, q.contact_id, q.next_attempt_at, q.created_at,
         q.ai_log_id is not null as recorded, {in_doubt} as in_doubt,
         coalesce(q.retried_at, q.created_at::timestamptz) as aged_from
    from {queue} q
   where q.claim_token is not null
     and q.status || '' = 'processing'
     and q.lease_until <= statement_timestamp()
     and {filter}
)
select coalesce(json_agg(json_build_object(
         'place', a.place, 'considered', f.considered, 'jobs', f.jobs)), '[]'::json)::text
  from ask a
 cross join lateral (
   with pending_due as materialized (
     (select q.id, q.contact_id, q.next_attempt_at, q.created_at, q.ai_log_id is not null as recorded
        from {queue} q
       where a.replies in ('any', 'none')
         and coalesce(q.workspace_id, '') = a.workspace_id
         and q.status = 'pending'
         and q.next_attempt_at <= statement_timestamp()
         and (a.replies = 'any' or q.ai_log_id is null)
         and {no_elder}
         and {filter}
       order by q.next_attempt_at, q.created_at, q.id
       limit a.rows)
     union all
     (select q.id, q.contact_id, q.next_attempt_at, q.created_at, true
        from {queue} q
       where a.replies = 'recorded'
         and coalesce(q.workspace_id, '') = a.workspace_id
         and q.status = 'pending'
         and q.may_have_reply
         and q.ai_log_id is not null
         and q.next_attempt_at <= statement_timestamp()
         and {filter}
       order by q.next_attempt_at, q.created_at, q.id
       limit a.rows)
     union all
     (select q.id, q.contact_id, q.next_attempt_at, q.created_at, true
        from {queue} q
       where a.replies = 'in_doubt'
         and coalesce(q.workspace_id, '') = a.workspace_id
         and q.status = 'pending'
         and q.may_have_reply
         and q.ai_log_id is not null
         and q.next_attempt_at <= statement_timestamp()
         and {in_doubt}
         and {filter}
       order by q.next_attempt_at, q.created_at, q.id
       limit a.rows)
     union all
     -- Jobs past their age are among the longest due, so a window of those is enough.
     (select w.id, w.contact_id, w.next_attempt_at, w.created_at, w.recorded
        from (select q.id, q.contact_id, q.next_attempt_at, q.created_at, q.ai_log_id is not null as recorded,
                     coalesce(q.retried_at, q.created_at::timestamptz) as aged_from
                from {queue} q
               where a.replies = 'expired'
                 and coalesce(q.workspace_id, '') = a.workspace_id
                 and q.status = 'pending'
                 and q.next_attempt_at <= statement_timestamp()
                 and {filter}
               order by q.next_attempt_at, q.created_at, q.id
               limit a.rows) w
       where w.aged_from < statement_timestamp() - a.max_age_ms * interval '1 millisecond')
   ), head as (
     (select distinct on (w.contact_id) w.*, false as has_lapsed
        from pending_due w
       where w.contact_id is not null
       order by w.contact_id, w.next_attempt_at, w.created_at, w.id)
     union all
     select w.*, false from pending_due w where w.contact_id is null
     union all
     select l.id, l.contact_id, l.next_attempt_at, l.created_at, l.recorded, true
       from lapsed l
      where l.workspace_id = a.workspace_id
        and (a.replies = 'any' or a.replies = case when l.recorded then 'recorded' else 'none' end
             or (a.replies = 'in_doubt' and l.in_doubt)
             or (a.replies = 'expired'
                 and l.aged_from < statement_timestamp() - a.max_age_ms * interval '1 millisecond'))
   ), ordered as (
     -- OFFSET 0 keeps the checks below out of this query. They run only until enough jobs are found.
     select h.*
       from head h
      order by case when a.at_random then random() end, h.next_attempt_at, h.created_at, h.id
     offset 0
   )
   select (select count(*) from pending_due) as considered,
          (select coalesce(json_agg(json_build_object(
                    'id', c.id, 'contact_id', c.contact_id, 'recorded', c.recorded)), '[]'::json)
             from (select coalesce(n.id, p.id) as id, p.contact_id,
                          coalesce(n.recorded, p.recorded) as recorded
                     from ordered p
                     left join lateral ({newest}) n on :coalesce::boolean and not p.has_lapsed
                                                          and a.replies not in ('in_doubt', 'expired')
                    where (p.has_lapsed
                           or not exists (select 1 from {queue} i
                                           where i.contact_id = p.contact_id
                                             and i.claim_token is not null))
                      and {contact_has_room}
                    limit a.jobs) c) as jobs) f
