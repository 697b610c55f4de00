-- Reads the inbound texts of a contact since a certain time that are short enough for a word that the carrier
-- answers. start.sql and record.sql use it.
--
-- {job} alias  a row with the contact and its workspace
-- {since} expression  a timestamptz
-- :messages_since timestamptz  not after any {since} of the batch; spares partitions of messages
--
-- Returns [body, ...], newest first.
coalesce((
  select json_agg(k.body order by k.created_at desc, k.id desc)
    from (select m.id, m.created_at, btrim(m.body, E' \t\r\n') as body
            from {messages} m
           where m.contact_id = {job}.contact_id
             and m.workspace_id = {job}.workspace_id
             and m.direction = 'inbound'
             and m.created_at >= {since}
             and m.created_at >= :messages_since::timestamptz
             and length(btrim(m.body, E' \t\r\n')) <= 60
           order by m.created_at desc
           limit 200) k), '[]'::json)
