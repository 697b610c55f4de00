-- Reads all about one job.
--
-- :id text  any text
--
-- Returns the same as the statement for PostgreSQL; no row if there is no such job.
select json_object(
         'job', json({job_entry}),
         'message', (select substr(cast(m.body as text), 1, 20000) from {messages} m where m.id = q.message_id),
         'reply', json((select json_object('id', l.id, 'provider', cast(l.provider as text),
                                           'model', cast(l.model as text), 'prompt', cast(l.prompt as text),
                                           'text', cast(l.response as text), 'tokens_used', l.tokens_used,
                                           'cost', cast(l.cost as text),
                                           'created_at', {iso_time time=l.created_at})
                          from {logs} l where l.id = q.ai_log_id)),
         'failures', cast(q.failures as text),
         'wait', json((select json_object('reason', w.reason, 'detail', substr(w.detail, 1, 200), 'until', w.until)
                        from ({waiting_jobs}) w where w.job = q.id)),
         'contact_in_flight', (select o.id from {queue} o
                                where o.contact_id = q.contact_id and o.id <> q.id
                                  and o.claim_token is not null
                                limit 1),
         'elder_entry', (select o.id from {queue} o
                          where o.contact_id = q.contact_id and o.message_id = q.message_id and o.id <> q.id
                            and (julianday(o.created_at), o.id) < (julianday(q.created_at), q.id)
                            and (o.status = 'pending' or o.claim_token is not null)
                          limit 1))
  from {queue} q
 where q.id = lower(:id)
