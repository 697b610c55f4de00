-- Reads all about one job.
--
-- :id text  any text
--
-- Returns NULL if there is no such job, or {"job": {...} as in fragment/job_entry.sql, "message", "reply": {"id",
-- "provider", "model", "prompt", "text", "tokens_used", "cost", "created_at"}, "failures",
-- "wait": {"reason", "detail", "until"} of a pending job, or NULL, "contact_in_flight", "elder_entry"}.
select json_build_object(
         'job', {job_entry},
         'message', (select left(m.body, 20000)
                       from {messages} m
                      where m.id = q.message_id
                        and m.contact_id = q.contact_id
                        and m.workspace_id = q.workspace_id
                      limit 1),
         'reply', (select json_build_object('id', l.id, 'provider', l.provider, 'model', l.model,
                                            'prompt', l.prompt, 'text', l.response,
                                            'tokens_used', l.tokens_used, 'cost', l.cost::text,
                                            'created_at', {iso_time time=l.created_at})
                     from {logs} l where l.id = q.ai_log_id),
         'failures', q.failures,
         'wait', (select json_build_object('reason', w.reason, 'detail', left(w.detail, 200), 'until', {iso_time time=w.until})
                   from ({waiting_jobs}) w where w.job = q.id),
         'contact_in_flight', (select o.id from {queue} o
                                where o.contact_id = q.contact_id and o.id <> q.id
                                  and o.claim_token is not null
                                limit 1),
         'elder_entry', (select o.id from {queue} o
                          where o.contact_id = q.contact_id and o.message_id = q.message_id and o.id <> q.id
                            and (o.created_at, o.id) < (q.created_at, q.id)
                            and (o.status || '' = 'pending' or o.claim_token is not null)
                          limit 1))::text
  from {queue} q
 where q.id = case when :id ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then :id::text::uuid end
