-- Selects the jobs that wait, with what each waits for: job, workspace_id, contact_id, reason, detail, since, until.
-- What a due job waits for is as the last look of a run found it, in autoreply_holds. `reason` is 'retry', 'in doubt',
-- 'breaker', 'key', 'setting', 'quiet hours', 'budget', 'limit', 'contact' (another job of the contact comes first),
-- 'schedule' (the host asked for a later time) or 'run' (the next run takes it). `until` is when the job may be
-- claimed; it is NULL if that is not known. A deferred job waits at least for its breaker.
select q.id as job, coalesce(q.workspace_id, '')::text as workspace_id, q.contact_id,
       case when due.is_due then coalesce(other.reason, held.reason, 'run')
            when q.outcome like '{in_doubt_note}%' then 'in doubt'
            when q.outcome like '{deferred_note}%' then coalesce(q.waits_for, 'breaker')
            when q.outcome like '{retried_note}%' then 'retry'
            else 'schedule' end as reason,
       case when due.is_due then coalesce(other.detail, held.detail, '')
            else coalesce(q.outcome, '') end as detail,
       case when due.is_due then greatest(q.next_attempt_at, held.since)
            else coalesce(q.claimed_at, q.created_at::timestamptz) end as since,
       case when not due.is_due
            then greatest(q.next_attempt_at,
                          case when q.outcome like '{deferred_note}%' and held.breaker <> '' then held.until end)
            when other.reason is not null then other.until
            else held.until end as until
  from {queue} q
 cross join lateral (select q.next_attempt_at <= statement_timestamp() as is_due) due
  left join lateral (
    select 'contact' as reason, 'another job of the contact is in flight' as detail, o.lease_until as until
      from {queue} o
     where due.is_due and o.contact_id = q.contact_id and o.claim_token is not null
    union all
    select 'contact', 'an older entry for the same message is not finished', null
     where due.is_due and not {no_elder}
     limit 1) other on true
  left join lateral (
    select h.reason, h.breaker, h.detail, h.since, h.until
      from autoreply_holds h
     where h.workspace_id in ('', coalesce(q.workspace_id, '')::text)
       and h.contact_id in ('', q.contact_id::text)
       and (q.ai_log_id is null or not h.spares_recorded)
       and (h.breaker <> '' or h.until > statement_timestamp())
     order by h.breaker <> '' desc, h.until desc nulls last
     limit 1) held on true
 where q.status = 'pending'
