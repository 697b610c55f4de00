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
with recursive walk (contact_id, place) as (
  select (select min(q.contact_id)
            from {queue} q
           where {workspace} = json_extract(:asks, '$[0].workspace_id')
             and q.status = 'pending'
             and q.contact_id >= :from), 1
  union all
  select (select min(q.contact_id)
            from {queue} q
           where {workspace} = json_extract(:asks, '$[0].workspace_id')
             and q.status = 'pending'
             and q.contact_id > w.contact_id), w.place + 1
    from walk w
   where w.contact_id is not null
     and w.place < json_extract(:asks, '$[0].rows')
), head as (
  select (select q.id
            from {queue} q
           where {workspace} = json_extract(:asks, '$[0].workspace_id')
             and q.status = 'pending'
             and q.contact_id = w.contact_id
           order by {due_at}, {made_at}, q.id
           limit 1) as id
    from walk w
   where w.contact_id is not null
), ordered as (
  select q.id, q.contact_id, {due_at} as due_at, {made_at} as made_at
    from head h
    join {queue} q on q.id = h.id
   where {due_at} <= julianday('now')
     and (json_extract(:asks, '$[0].replies') = 'any'
          or (json_extract(:asks, '$[0].replies') = 'recorded') = (q.ai_log_id is not null))
     and {no_elder}
     and {filter}
), chosen as (
  select {newest} as id, p.due_at, p.made_at
    from (select * from ordered order by due_at, made_at, id) p
   where not exists (select 1 from {queue} i
                      where i.contact_id = p.contact_id and i.claim_token is not null)
     and {contact_has_room}
   limit json_extract(:asks, '$[0].jobs')
)
select json_object(
         'considered', (select count(*) from walk where contact_id is not null),
         'jobs', json((select json_group_array(json_object('id', c.id, 'contact_id', c.contact_id,
                                                           'recorded', json(c.recorded)))
                         from (select n.id, cast(q.contact_id as text) as contact_id,
                                      case when q.ai_log_id is null then 'false' else 'true' end as recorded
                                 from chosen n
                                 join {queue} q on q.id = n.id
                                order by n.due_at, n.made_at, n.id) c)))
