-- Writes the log rows of fresh replies whose token still holds; a row that is there already stays.
-- :batch  [{"id", "token", "log_id", "sends", "fresh", and for a fresh reply the log's columns}, ...]
insert into {logs} (id, workspace_id, contact_id, message_id, provider, model, prompt, response,
                    tokens_used, cost, created_at)
select json_extract(r.value, '$.log_id'), q.workspace_id,
       json_extract(r.value, '$.contact_id'), json_extract(r.value, '$.message_id'),
       json_extract(r.value, '$.provider'), json_extract(r.value, '$.model'),
       json_extract(r.value, '$.prompt'), json_extract(r.value, '$.response'),
       json_extract(r.value, '$.tokens_used'), json_extract(r.value, '$.cost'), {now}
  from json_each(:batch) r
  join {queue} q on q.id = json_extract(r.value, '$.id')
                and q.claim_token = json_extract(r.value, '$.token')
                and q.status = 'processing'
 where json_extract(r.value, '$.fresh')
    on conflict (id) do nothing
