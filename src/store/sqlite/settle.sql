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
{held};
insert into autoreply_spending as p (workspace_id, day, tokens, nanodollars)
select json_extract(r.value, '$.workspace_id'), json_extract(r.value, '$.day'),
       sum(json_extract(r.value, '$.tokens')), sum(json_extract(r.value, '$.nanodollars'))
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
                and q.claim_token = json_extract(r.value, '$.token')
                and q.status = 'processing'
 where json_extract(r.value, '$.day') is not null
 group by 1, 2
    on conflict (workspace_id, day) do update
       set tokens = p.tokens + excluded.tokens,
           nanodollars = p.nanodollars + excluded.nanodollars;
update {queue}
   set status = r.status,
       attempts = r.attempts,
       processed_at = case when r.finished then {now} else {queue}.processed_at end,
       error = case when r.released then {queue}.error else r.error end,
       failures = case when r.released or r.error is null then {queue}.failures
                       else {with_failure at='now' text=r.error} end,
       outcome = coalesce(r.note, {queue}.outcome),
       waits_for = r.waits_for,
       next_attempt_at = case r.due
           when 'after_now' then strftime('%Y-%m-%dT%H:%M:%fZ', 'now',
                                          printf('+%.3f seconds', r.delay_ms / 1000.0))
           when 'after_send' then strftime('%Y-%m-%dT%H:%M:%fZ', coalesce({queue}.sent_at, 'now'),
                                           printf('+%.3f seconds', r.delay_ms / 1000.0))
           else {queue}.next_attempt_at end,
       sends = coalesce(r.sends, {queue}.sends),
       claimed_at = case when r.released then r.claimed_before else {queue}.claimed_at end,
       started_at = case when r.released then null else {queue}.started_at end,
       may_have_reply = {queue}.ai_log_id is not null,
       settled_token = {queue}.claim_token,
       claim_token = null,
       lease_until = null
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token,
               json_extract(value, '$.status') as status, json_extract(value, '$.attempts') as attempts,
               json_extract(value, '$.finished') as finished,
               json_extract(value, '$.released') as released,
               json_extract(value, '$.error') as error, json_extract(value, '$.note') as note,
               json_extract(value, '$.due') as due, json_extract(value, '$.delay_ms') as delay_ms,
               json_extract(value, '$.waits_for') as waits_for,
               json_extract(value, '$.claimed_before') as claimed_before,
               json_extract(value, '$.sends') as sends
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing'
