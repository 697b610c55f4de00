-- Takes due jobs: longest due first, one a contact. Run under the claim lock, which was taken in an
-- earlier statement so that this one's snapshot shows every claim before it.
--
-- :limit_jobs, :window_rows   at most so many jobs out of so many of the longest due rows
-- :at_random                  any of those in the window instead of the longest due
-- :claim_token, :lease_ms, :max_attempts, :job_filter (JSON)
--
-- Returns {"considered": rows in the window, "jobs": [...]}. A full window with fewer jobs than asked
-- means that busy contacts filled it: the caller asks again with a wider one.
with pending_due as materialized (
  select q.id, q.contact_id, q.next_attempt_at, q.created_at
    from {queue} q
   where q.status = 'pending'
     and q.next_attempt_at <= statement_timestamp()
     and {filter}
   order by q.next_attempt_at, q.created_at, q.id
   limit :window_rows::bigint
), head as (
  (select distinct on (w.contact_id) w.id, w.next_attempt_at, w.created_at
     from pending_due w
    where w.contact_id is not null
      and not exists (select 1 from {queue} f
                       where f.contact_id = w.contact_id and f.claim_token is not null)
    order by w.contact_id, w.next_attempt_at, w.created_at, w.id)
  union all
  select w.id, w.next_attempt_at, w.created_at from pending_due w where w.contact_id is null
  union all
  select q.id, q.next_attempt_at, q.created_at
    from {queue} q
   where q.claim_token is not null
     and q.status || '' = 'processing'
     and q.lease_until <= statement_timestamp()
     and {filter}
), picked as materialized (
  select q.id,
         q.claim_token is not null and q.started_at is not null as broken_off,
         greatest(coalesce(q.attempts, 0)
                    - (q.claim_token is not null and q.started_at is null)::int, 0) as attempts_before
    from head h
    join {queue} q on q.id = h.id
   where q.status = 'pending'
      or (q.status || '' = 'processing' and q.claim_token is not null
          and q.lease_until <= statement_timestamp())
   order by case when :at_random::boolean then random() end, h.next_attempt_at, h.created_at, h.id
   limit :limit_jobs::bigint
     for update of q skip locked
), taken as (
  update {queue} q
     set status = 'processing',
         attempts = least(p.attempts_before + 1, greatest(p.attempts_before, :max_attempts::int)),
         claim_token = :claim_token::uuid,
         claimed_at = statement_timestamp(),
         started_at = null,
         lease_until = statement_timestamp() + :lease_ms::bigint * interval '1 millisecond'
    from picked p
   where q.id = p.id
  returning q.id, q.workspace_id, q.contact_id, q.message_id, q.next_attempt_at, q.created_at,
            q.ai_log_id, q.sends, {in_doubt} as in_doubt, q.attempts, p.attempts_before, p.broken_off
)
select json_build_object(
         'considered', (select count(*) from pending_due),
         'jobs', (select coalesce(json_agg(json_build_object(
                    'id', t.id,
                    'workspace_id', t.workspace_id,
                    'contact_id', t.contact_id,
                    'message_id', t.message_id,
                    'attempts', t.attempts,
                    'attempts_before', t.attempts_before,
                    'sends', coalesce(t.sends, 0),
                    'ai_log_id', t.ai_log_id,
                    'in_doubt', t.in_doubt,
                    'broken_off', t.broken_off)
                    order by t.next_attempt_at, t.created_at, t.id), '[]'::json)
                    from taken t))::text
