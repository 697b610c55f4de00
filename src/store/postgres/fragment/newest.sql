-- Selects (id, recorded) of the newest due job that the row a asks for and that belongs to the contact of the
-- row p. Looks at the 64 jobs that became due last.
--
-- :job_filter json  as in filter.sql
select n.id, n.recorded
  from (select q.id, q.created_at, q.ai_log_id is not null as recorded
          from {queue} q
         where coalesce(q.workspace_id, '') = a.workspace_id
           and q.contact_id = p.contact_id
           and q.status = 'pending'
           and q.next_attempt_at <= statement_timestamp()
           and (a.replies = 'any' or (a.replies = 'recorded') = (q.ai_log_id is not null))
           and {filter}
         order by q.next_attempt_at desc, q.created_at desc, q.id desc
         limit 64) n
 order by n.created_at desc, n.id desc
 limit 1
