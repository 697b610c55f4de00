-- Whether the contact of {job} has opted out: the last opt-out or opt-in word that came as a message since
-- {since} is one of the former. Stands in start.sql and recorded.sql.
coalesce((
  select k.word not in ('START', 'UNSTOP', 'YES')
    from (select m.id as id, julianday(m.created_at) as made_at,
                 upper(trim(cast(m.body as text), char(9, 10, 13) || ' .!')) as word
            from {messages} m
           where m.contact_id = {job}.contact_id
             and m.workspace_id = {job}.workspace_id
             and m.direction = 'inbound'
             -- Off the index; texts of one day may be in different forms, or time zones.
             and m.created_at >= strftime('%Y-%m-%d', {since}, '-1 day')
             and julianday(m.created_at) >= {since}) k
   where k.word in ('STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE',
                    'OPTOUT', 'OPT OUT', 'OPT-OUT', 'START', 'UNSTOP', 'YES')
   order by k.made_at desc, k.id desc
   limit 1), 0)
