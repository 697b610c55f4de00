-- Whether the contact of {job} has opted out: the last opt-out or opt-in word that came as a message since
-- {since} is one of the former. Stands in start.sql and record.sql.
coalesce((
  select k.word not in ('START', 'UNSTOP', 'YES')
    from (select m.id, m.created_at, upper(btrim(m.body, E' \t\r\n.!')) as word
            from {messages} m
           where m.contact_id = {job}.contact_id
             and m.workspace_id = {job}.workspace_id
             and m.direction = 'inbound'
             and m.created_at >= {since}) k
   where k.word in ('STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE',
                    'OPTOUT', 'OPT OUT', 'OPT-OUT', 'START', 'UNSTOP', 'YES')
   order by k.created_at desc, k.id desc
   limit 1), false)
