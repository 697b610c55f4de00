-- Looks at the host's data and at the queue for what may keep customers waiting.
--
-- Returns the same as the statement for PostgreSQL.
with message as materialized (
  select coalesce({m.direction}, '') as direction, coalesce({m.msg_type}, '') as msg_type
    from {messages} m
   where julianday(m.created_at) > julianday('now', '-7 days')
   limit 5000
), contact as materialized (
  select coalesce({c.conversation_status}, '') as status from {contacts} c limit 5000
), configured as materialized (
  select distinct coalesce(cast(g.workspace_id as text), '') as workspace_id from {config} g limit 1000
)
select json_object(
         'now', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
         'directions', json((select json_group_array(json_object('value', v.value, 'rows', v.rows))
                               from (select m.direction as value, count(*) as rows from message m group by 1
                                      order by 2 desc limit 20) v)),
         'message_types', json((select json_group_array(json_object('value', v.value, 'rows', v.rows))
                                  from (select m.msg_type as value, count(*) as rows from message m group by 1
                                         order by 2 desc limit 20) v)),
         'contact_statuses', json((select json_group_array(json_object('value', v.value, 'rows', v.rows))
                                     from (select c.status as value, count(*) as rows from contact c group by 1
                                            order by 2 desc limit 20) v)),
         'workspaces', json((select json_group_array(g.workspace_id)
                               from (select workspace_id from configured order by 1) g)),
         'unconfigured', json((select json_group_array(u.workspace_id)
                                 from (select distinct {workspace} as workspace_id
                                         from {queue} q
                                        where q.status = 'pending'
                                          and not exists (select 1 from {config} g
                                                           where g.workspace_id = q.workspace_id)
                                        order by 1
                                        limit 20) u)),
         'pending', (select count(*) from {queue} q where q.status = 'pending'),
         'old_jobs', (select count(*) from {queue} q
                       where q.status = 'pending'
                         and julianday(coalesce(q.retried_at, q.created_at)) < julianday('now', '-1 day')),
         'foreign', (select count(*) from {queue} q
                      where q.status = 'processing' and q.claim_token is null
                        and julianday(q.created_at) < julianday('now', '-1 hour')),
         'lapsed', (select count(*) from {queue} q
                     where q.claim_token is not null
                       and coalesce(julianday(q.lease_until), 0) < julianday('now', '-10 minutes')),
         'created_in_hour', (select count(*) from {queue} q
                              where julianday(q.created_at) > julianday('now', '-1 hour')),
         'finished_in_hour', (select count(*) from {queue} q
                               where julianday(q.processed_at) > julianday('now', '-1 hour')),
         'longest_transaction_ms', null)
