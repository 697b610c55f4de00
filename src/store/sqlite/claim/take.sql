-- Marks picked jobs as claimed. :picked is what picked.sql returned.
update {queue}
   set status = 'processing',
       attempts = picked.attempts,
       claim_token = :claim_token,
       claimed_at = {now},
       started_at = null,
       lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', :lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.attempts') as attempts
          from json_each(:picked)) picked
 where {queue}.id = picked.id
