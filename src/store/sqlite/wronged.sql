-- Which jobs still stand as a rejection left them; see put_back.sql for PostgreSQL.
-- :batch  [{"id", "attempts", "attempts_before", "at"}, ...]
select json_group_array(q.id)
  from json_each(:batch) w
  join {queue} q on q.id = json_extract(w.value, '$.id')
 where q.claim_token is null
   and q.attempts = json_extract(w.value, '$.attempts')
   and coalesce(julianday(q.claimed_at), 0) <= json_extract(w.value, '$.at') / 86400000.0 + 2440587.5
   and ((q.status = 'error' and q.outcome like '{failed_note}%')
        or (q.status = 'pending' and q.outcome like '{retried_note}%' and q.outcome not like '{in_doubt_note}%'))
