-- Finds jobs of one workspace that may be claimed: longest due first, one per contact. Texts are cast: JSON
-- takes no BLOB, and one in any row would fail every claim.
--
-- :asks json  as for PostgreSQL, with one element: SQLite takes no LIMIT from a row of another table
-- :coalesce int  1: the newest due job of each contact, 0: the one that has been due longest
-- :job_filter json  as in fragment/filter.sql
--
-- Returns the same as the statement for PostgreSQL.
with pending_due as materialized (
  select * from (
    select q.id, q.contact_id, {due_at} as due_at, {made_at} as made_at
      from {queue} q
     where json_extract(:asks, '$[0].replies') in ('any', 'none')
       and {workspace} = json_extract(:asks, '$[0].workspace_id')
       and q.status = 'pending'
       and {due_at} <= julianday('now')
       and (json_extract(:asks, '$[0].replies') = 'any' or q.ai_log_id is null)
       and {no_elder}
       and {filter}
     order by {due_at}, {made_at}, q.id
     limit json_extract(:asks, '$[0].rows'))
  union all
  select * from (
    select q.id, q.contact_id, {due_at} as due_at, {made_at} as made_at
      from {queue} q
     where json_extract(:asks, '$[0].replies') = 'recorded'
       and {workspace} = json_extract(:asks, '$[0].workspace_id')
       and q.status = 'pending'
       and q.may_have_reply
       and q.ai_log_id is not null
       and {due_at} <= julianday('now')
       and {filter}
     order by {due_at}, {made_at}, q.id
     limit json_extract(:asks, '$[0].rows'))
  union all
  select * from (
    select q.id, q.contact_id, {due_at} as due_at, {made_at} as made_at
      from {queue} q
     where json_extract(:asks, '$[0].replies') = 'in_doubt'
       and {workspace} = json_extract(:asks, '$[0].workspace_id')
       and q.status = 'pending'
       and q.may_have_reply
       and q.ai_log_id is not null
       and {due_at} <= julianday('now')
       and {in_doubt}
       and {filter}
     order by {due_at}, {made_at}, q.id
     limit json_extract(:asks, '$[0].rows'))
  union all
  select w.id, w.contact_id, w.due_at, w.made_at from (
    select q.id, q.contact_id, {due_at} as due_at, {made_at} as made_at,
           coalesce(julianday(q.retried_at), {made_at}) as aged_from
      from {queue} q
     where json_extract(:asks, '$[0].replies') = 'expired'
       and {workspace} = json_extract(:asks, '$[0].workspace_id')
       and q.status = 'pending'
       and {due_at} <= julianday('now')
       and {filter}
     order by {due_at}, {made_at}, q.id
     limit json_extract(:asks, '$[0].rows')) w
   where w.made_at > 0 and w.aged_from < julianday('now') - json_extract(:asks, '$[0].max_age_ms') / 86400000.0
), ranked as (
  select w.*,
         row_number() over (partition by w.contact_id order by w.due_at, w.made_at, w.id) as place
    from pending_due w
   where w.contact_id is not null
), head as (
  select k.id, k.contact_id, k.due_at, k.made_at, 0 as has_lapsed from ranked k where k.place = 1
  union all
  select w.id, w.contact_id, w.due_at, w.made_at, 0 from pending_due w where w.contact_id is null
  union all
  select q.id, q.contact_id, {due_at}, {made_at}, 1
    from {queue} q
   where q.claim_token is not null
     and q.status = 'processing'
     and coalesce(julianday(q.lease_until), 0) <= julianday('now')
     and {workspace} = json_extract(:asks, '$[0].workspace_id')
     and (json_extract(:asks, '$[0].replies') in ('any', case when q.ai_log_id is null then 'none' else 'recorded' end)
          or (json_extract(:asks, '$[0].replies') = 'in_doubt' and {in_doubt})
          or (json_extract(:asks, '$[0].replies') = 'expired' and {made_at} > 0
              and coalesce(julianday(q.retried_at), {made_at}) < julianday('now') - json_extract(:asks, '$[0].max_age_ms') / 86400000.0))
     and {filter}
), chosen as (
  select case when p.has_lapsed or json_extract(:asks, '$[0].replies') in ('in_doubt', 'expired')
              then p.id else {newest} end as id, p.due_at, p.made_at
    from (select * from head
           order by case when json_extract(:asks, '$[0].at_random') then random() end, due_at, made_at, id) p
   where (p.has_lapsed
          or not exists (select 1 from {queue} i
                          where i.contact_id = p.contact_id and i.claim_token is not null))
     and {contact_has_room}
   limit json_extract(:asks, '$[0].jobs')
)
select json_array(json_object(
         'place', json_extract(:asks, '$[0].place'),
         'considered', (select count(*) from pending_due),
         'jobs', json((select json_group_array(json_object('id', c.id, 'contact_id', c.contact_id,
                                                           'recorded', json(c.recorded)))
                         from (select n.id, cast(q.contact_id as text) as contact_id,
                                      case when q.ai_log_id is null then 'false' else 'true' end as recorded
                                 from chosen n
                                 join {queue} q on q.id = n.id
                                order by n.due_at, n.made_at, n.id) c))))
