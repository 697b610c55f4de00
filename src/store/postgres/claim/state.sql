-- Reads the facts that a claim needs first. The condition on `claimed_at` has the form of the index
-- autoreply_queue_claimed.
--
-- :per_minute int  the count of claims stops at this number
--
-- Returns {"now", "turn", "claimed", "lapsed": [workspace, ...]}: the present time in milliseconds since
-- 1970, the workspace at which the last claim stopped, the number of jobs claimed in the last minute, and the
-- workspaces with leases that ran out.
select json_build_object(
         'now', (extract(epoch from statement_timestamp()) * 1000)::bigint,
         'turn', (select t.workspace_id from autoreply_turns t where t.queue = '{queue}'),
         'claimed', (select count(*)
                       from (select 1
                               from {queue} q
                              where q.claimed_at at time zone 'UTC'
                                      > (statement_timestamp() - interval '1 minute') at time zone 'UTC'
                              limit :per_minute::int) c),
         'lapsed', (select coalesce(json_agg(distinct coalesce(q.workspace_id, '')), '[]'::json)
                      from {queue} q
                     where q.claim_token is not null
                       and q.status || '' = 'processing'
                       and q.lease_until <= statement_timestamp()))::text
