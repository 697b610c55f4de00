-- The id of the newest due job that the ask covers and that belongs to the contact of the row p. Looks at the
-- 64 jobs that became due last. Without coalescing, or if there is none, the id of p.
--
-- :asks json  as in claim/candidates.sql
-- :coalesce int  1: the newest due job of each contact, 0: the row p
-- :job_filter json  as in filter.sql
case when cast(:coalesce as integer) then coalesce((
  select n.id
    from (select q.id, {made_at} as made_at
            from {queue} q
           where {workspace} = json_extract(:asks, '$[0].workspace_id')
             and q.contact_id = p.contact_id
             and q.status = 'pending'
             and {due_at} <= julianday('now')
             and (json_extract(:asks, '$[0].replies') = 'any'
                  or (json_extract(:asks, '$[0].replies') = 'recorded') = (q.ai_log_id is not null))
             and {filter}
           order by {due_at} desc, {made_at} desc, q.id desc
           limit 64) n
   order by n.made_at desc, n.id desc
   limit 1), p.id) else p.id end
