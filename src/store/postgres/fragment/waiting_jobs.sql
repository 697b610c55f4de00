-- Selects the jobs that wait, with what each waits for: job, workspace_id, contact_id, reason, detail, since, until.
-- What a due job waits for is as the last look of a run found it, in autoreply_holds. `reason` is 'retry', 'in doubt',
-- 'breaker', 'key', 'setting', 'quiet hours', 'budget', 'limit', 'contact' (another job of the contact comes first),
-- 'schedule' (the host asked for a later time) or 'run' (the next run takes it). `until` is when the job may be
-- claimed; it is NULL if that is not known.
select q.id as job, coalesce(q.workspace_id, '')::text as workspace_id, q.contact_id, why.reason, why.detail, why.since,
       why.until
  from {queue} q
 cross join lateral (
   select case when q.outcome like '{in_doubt_note}%' then 'in doubt'
               when q.outcome like '{deferred_note}%' then coalesce(q.waits_for, 'breaker')
               when q.outcome like '{retried_note}%' then 'retry'
               else 'schedule' end as reason,
          coalesce(q.outcome, '') as detail,
          coalesce(q.claimed_at, q.created_at::timestamptz) as since,
          q.next_attempt_at as until
    where q.next_attempt_at > statement_timestamp()
   union all
   select coalesce(other.reason, held.reason, 'run'),
          coalesce(other.detail, held.detail, ''),
          greatest(q.next_attempt_at, held.since),
          case when other.reason is null then held.until else other.until end
     from (select 1) due
     left join lateral (
       select 'contact' as reason, 'another job of the contact is in flight' as detail, o.lease_until as until
         from {queue} o
        where o.contact_id = q.contact_id and o.claim_token is not null
       union all
       select 'contact', 'an older entry for the same message is not finished', null
        where not {no_elder}
        limit 1) other on true
     left join lateral (
       select h.reason, h.detail, h.since, h.until
         from autoreply_holds h
        where h.workspace_id in ('', coalesce(q.workspace_id, '')::text)
          and h.contact_id in ('', q.contact_id::text)
          and (q.ai_log_id is null or not h.spares_recorded)
          and (h.breaker <> '' or h.until > statement_timestamp())
        order by h.breaker <> '' desc, h.until desc
        limit 1) held on true
    where q.next_attempt_at <= statement_timestamp()) why
 where q.status = 'pending'
