-- What the contact of {job} has written since {since}, newest first, as far as it is short enough to be a word
-- that the carrier answers: [body, ...]. Stands in start.sql and recorded.sql.
json((
  select json_group_array(k.body)
    from (select trim(cast(m.body as text), char(9, 10, 13, 32)) as body
            from {messages} m
           where m.contact_id = {job}.contact_id
             and m.workspace_id = {job}.workspace_id
             and m.direction = 'inbound'
             -- Off the index; texts of one day may be in different forms, or time zones.
             and m.created_at >= strftime('%Y-%m-%d', {since}, '-1 day')
             and julianday(m.created_at) >= {since}
             and length(trim(cast(m.body as text), char(9, 10, 13, 32))) <= 60
           order by julianday(m.created_at) desc, m.id desc
           limit 200) k))
