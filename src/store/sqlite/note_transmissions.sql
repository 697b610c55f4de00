-- Notes the transmissions that are about to begin, where the token still holds. `sends` is set to a
-- given number, not counted up. `outcome` becomes NULL: from here until the settlement, nobody knows
-- what became of the transmission.
-- :batch  as in record_log.sql
update {queue}
   set ai_log_id = r.log_id,
       sends = r.sends,
       sent_at = case when r.transmits then {now} else {queue}.sent_at end,
       outcome = case when not r.transmits then {queue}.outcome end,
       lease_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('+%.3f seconds', r.lease_ms / 1000.0))
  from (select json_extract(value, '$.id') as id, json_extract(value, '$.token') as token,
               json_extract(value, '$.log_id') as log_id, json_extract(value, '$.sends') as sends,
               json_extract(value, '$.transmits') as transmits,
               json_extract(value, '$.lease_ms') as lease_ms
          from json_each(:batch)) r
 where {queue}.id = r.id and {queue}.claim_token = r.token and {queue}.status = 'processing'
