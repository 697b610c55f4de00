-- Reads the facts that a claim needs first. Only this program writes `claimed_at`, so its texts compare like
-- the times that they represent.
--
-- :per_minute int  the count of claims stops at this number
--
-- Returns the same as the statement for PostgreSQL.
select json_object(
         'now', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
         'turn', (select t.workspace_id from autoreply_turns t where t.queue = '{queue}'),
         'claimed', (select count(*)
                       from (select 1
                               from {queue} q
                              where q.claimed_at > {minute_ago}
                              limit cast(:per_minute as integer))),
         'lapsed', json((select json_group_array(l.workspace_id)
                           from (select distinct {workspace} as workspace_id
                                   from {queue} q
                                  where q.claim_token is not null
                                    and q.status = 'processing'
                                    and coalesce(julianday(q.lease_until), 0) <= julianday('now')) l)))
