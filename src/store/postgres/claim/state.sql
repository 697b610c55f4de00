-- What a claim must know first, under the claim lock.
--
-- :per_minute  0, or how many claims of the last minute are counted at most
--
-- Returns {"now", "turn": the workspace that the last claim stopped at, "claimed": jobs in the last minute,
-- "lapsed": [workspaces with leases that ran out]}.
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
