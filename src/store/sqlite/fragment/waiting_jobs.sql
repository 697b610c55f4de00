-- Selects the jobs that wait, with what each waits for, in the columns of the fragment for PostgreSQL.
select w.job, w.workspace_id, w.contact_id,
       case when w.until_day > julianday('now') then w.later_reason
            when w.busy or w.is_younger then 'contact'
            else coalesce(h.reason, 'run') end as reason,
       case when w.until_day > julianday('now') then w.outcome
            when w.busy then 'another job of the contact is in flight'
            when w.is_younger then 'an older entry for the same message is not finished'
            else coalesce(h.detail, '') end as detail,
       case when w.until_day > julianday('now') then w.claimed_at
            else {iso_time time=max(w.until_day,coalesce(julianday(h.since),0))} end as since,
       case when w.until_day > julianday('now')
            then max({iso_time time=w.until_day},
                     case when w.outcome like '{deferred_note}%' and h.breaker <> '' then coalesce(h.until, '')
                          else '' end)
            when w.busy then w.lease_until
            when w.is_younger then null
            else h.until end as until
  from (select q.id as job, {workspace} as workspace_id, cast(q.contact_id as text) as contact_id,
               q.ai_log_id, {due_at} as until_day, coalesce(q.outcome, '') as outcome,
               {iso_time time=coalesce(q.claimed_at,q.created_at)} as claimed_at,
               case when q.outcome like '{in_doubt_note}%' then 'in doubt'
                    when q.outcome like '{deferred_note}%' then coalesce(q.waits_for, 'breaker')
                    when q.outcome like '{retried_note}%' then 'retry'
                    else 'schedule' end as later_reason,
               exists (select 1 from {queue} o
                        where o.contact_id = q.contact_id and o.claim_token is not null) as busy,
               (select {iso_time time=o.lease_until} from {queue} o
                 where o.contact_id = q.contact_id and o.claim_token is not null) as lease_until,
               not {no_elder} as is_younger
          from {queue} q
         where q.status = 'pending') w
  left join autoreply_holds h
    on h.rowid = (select c.rowid
                    from autoreply_holds c
                   where c.workspace_id in ('', w.workspace_id)
                     and c.contact_id in ('', w.contact_id)
                     and (w.ai_log_id is null or not c.spares_recorded)
                     and (c.breaker <> '' or julianday(c.until) > julianday('now'))
                   order by c.breaker <> '' desc, c.until desc
                   limit 1)
