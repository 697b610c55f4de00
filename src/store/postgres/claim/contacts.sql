-- Finds jobs that may be claimed in one workspace whose longest due rows belong to a few busy contacts. The
-- walk goes from contact to contact and steps over any number of rows of one contact.
--
-- :asks json  as in candidates.sql, with one element; "rows" is the number of contacts to look at; "replies"
--   is 'any', 'recorded' or 'none'
-- :coalesce int  as in candidates.sql
-- :from uuid  the contact at which the walk begins
-- :job_filter json  as in fragment/filter.sql
--
-- Returns {"considered", "jobs": [...]} as in candidates.sql. "considered" is a number of contacts.
with recursive ask as (
  select a.*
    from jsonb_to_record(:asks::jsonb -> 0)
      as a(workspace_id text, jobs int, rows int, replies text, contact_per_minute int, contact_per_hour int)
), walk as (
  (select q.id, q.contact_id, q.next_attempt_at, q.created_at, q.ai_log_id is not null as recorded, 1 as place
     from ask a
    cross join lateral (
      select q.*
        from {queue} q
       where coalesce(q.workspace_id, '') = a.workspace_id
         and q.status = 'pending'
         and q.contact_id >= :from::uuid
       order by q.contact_id, q.next_attempt_at, q.created_at, q.id
       limit 1) q)
  union all
  select n.id, n.contact_id, n.next_attempt_at, n.created_at, n.ai_log_id is not null, w.place + 1
    from walk w
   cross join ask a
   cross join lateral (
      select q.*
        from {queue} q
       where coalesce(q.workspace_id, '') = a.workspace_id
         and q.status = 'pending'
         and q.contact_id > w.contact_id
       order by q.contact_id, q.next_attempt_at, q.created_at, q.id
       limit 1) n
   where w.place < a.rows
), ordered as (
  select w.*
    from walk w
    join {queue} q on q.id = w.id
   cross join ask a
   where w.next_attempt_at <= statement_timestamp()
     and (a.replies = 'any' or (a.replies = 'recorded') = w.recorded)
     and {no_elder}
     and {filter}
   order by w.next_attempt_at, w.created_at, w.id
  offset 0
)
select json_build_object(
         'considered', (select count(*) from walk),
         'jobs', (select coalesce(json_agg(json_build_object(
                           'id', c.id, 'contact_id', c.contact_id, 'recorded', c.recorded)), '[]'::json)
                    from (select coalesce(n.id, p.id) as id, p.contact_id,
                                 coalesce(n.recorded, p.recorded) as recorded
                            from ordered p
                           cross join ask a
                            left join lateral ({newest}) n on :coalesce::boolean
                           where not exists (select 1 from {queue} i
                                              where i.contact_id = p.contact_id
                                                and i.claim_token is not null)
                             and {contact_has_room}
                           limit (select a.jobs from ask a)) c))::text
