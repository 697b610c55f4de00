-- Reads the inbound texts of a contact since a certain time that are short enough for a word that the carrier
-- answers. start.sql and record.sql use it.
--
-- {job} alias  a row with the contact and its workspace
-- {since} expression  a Julian day
--
-- Returns [body, ...], newest first.
json((
  select json_group_array(k.body)
    from (select trim(cast(m.body as text), char(9, 10, 13, 32)) as body
            from {messages} m
           where m.contact_id = {job}.contact_id
             and m.workspace_id = {job}.workspace_id
             and m.direction = 'inbound'
             -- The index serves this range. Texts of one day may differ in form or time zone.
             and m.created_at >= strftime('%Y-%m-%d', {since}, '-1 day')
             and julianday(m.created_at) >= {since}
             and length(trim(cast(m.body as text), char(9, 10, 13, 32))) <= 60
           order by julianday(m.created_at) desc, m.id desc
           limit 200) k))
