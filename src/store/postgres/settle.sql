-- Writes the outcomes of jobs and ends their claims. Leaves out jobs whose token no longer holds.
--
-- :batch json  [{"id", "token", "status", "attempts", "finished", "released", "error", "note", "due",
--   "delay_ms", "waits_for", "claimed_before", "sends", "workspace_id", "day", "tokens",
--   "nanodollars"}, ...]; "finished" sets `processed_at`; "released" keeps `error`, clears `started_at` and
--   restores `claimed_at`; "due" is 'unchanged', or 'after_now' or 'after_send' by "delay_ms"; NULL for "note" or
--   "sends" keeps the column; the tokens and the cost are added to what the workspace has spent on "day", if that is
--   not NULL
--
-- Returns the settled jobs: [id, ...].
with requested as (
  select r.*
    from jsonb_to_recordset(:batch::jsonb)
      as r(id uuid, token uuid, status text, attempts int, finished boolean, released boolean,
           error text, note text, due text, delay_ms bigint, waits_for text, claimed_before timestamptz,
           sends int, workspace_id text, day date, tokens bigint, nanodollars bigint)
), settled as (
  update {queue} q
     set status = r.status::{status_type},
         attempts = r.attempts,
         processed_at = case when r.finished then statement_timestamp() else q.processed_at end,
         error = case when r.released then q.error else r.error end,
         failures = case when r.released or r.error is null then q.failures
                         else {with_failure at=statement_timestamp() text=r.error} end,
         outcome = coalesce(r.note, q.outcome),
         waits_for = r.waits_for,
         next_attempt_at = case r.due
             when 'after_now' then statement_timestamp() + r.delay_ms * interval '1 millisecond'
             when 'after_send' then coalesce(q.sent_at, statement_timestamp())
                                    + r.delay_ms * interval '1 millisecond'
             else q.next_attempt_at end,
         sends = coalesce(r.sends, q.sends),
         -- A job that is given back does not count against the limits.
         claimed_at = case when r.released then r.claimed_before else q.claimed_at end,
         started_at = case when r.released then null else q.started_at end,
         may_have_reply = q.ai_log_id is not null,
         settled_token = q.claim_token,
         claim_token = null,
         lease_until = null
    from requested r
   where q.id = r.id
     and q.claim_token is not distinct from r.token
     and q.status || '' = 'processing'
  returning q.id
), spent as (
  -- In one order, because other transactions may lock the same rows.
  insert into autoreply_spending as p (workspace_id, day, tokens, nanodollars)
  select r.workspace_id, r.day, sum(r.tokens), sum(r.nanodollars)
    from requested r
    join settled s on s.id = r.id
   where r.day is not null
   group by r.workspace_id, r.day
   order by r.workspace_id, r.day
      on conflict (workspace_id, day) do update
         set tokens = p.tokens + excluded.tokens,
             nanodollars = p.nanodollars + excluded.nanodollars
)
select coalesce(json_agg(s.id), '[]'::json)::text from settled s
