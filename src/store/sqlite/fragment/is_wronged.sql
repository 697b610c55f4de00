-- True if the job q has not changed since the rejection w, an element of the batch of put_back.sql.
q.claim_token is null
   and q.attempts = json_extract(w.value, '$.attempts')
   and coalesce(julianday(q.claimed_at), 0) <= json_extract(w.value, '$.at') / 86400000.0 + 2440587.5
   and ((q.status = 'error' and q.outcome like '{failed_note}%')
        or (q.status = 'pending' and q.outcome like '{retried_note}%' and q.outcome not like '{in_doubt_note}%'))
