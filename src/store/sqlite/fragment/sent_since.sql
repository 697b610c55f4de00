-- Reads the messages that went out to a contact after a certain time, and our replies that may be among them.
-- start.sql and record.sql use it.
--
-- {job} alias  a row with the contact and its workspace
-- {since} expression  a Julian day
-- :message_types json  ["sms", ...] in lower case
--
-- Returns {"since", "messages": [{"at", "body", "metadata"}, ...], "replies": [{"log_id", "text", "since"},
-- ...]}. Times are milliseconds since 1970. Messages come newest first.
json_object(
  'since', cast(round(({since} - 2440587.5) * 86400000) as integer),
  'messages', json((
    select json_group_array(json(k.row))
      from (select json_object('at', cast(round((julianday(m.created_at) - 2440587.5) * 86400000) as integer),
                               'body', substr(cast(m.body as text), 1, 20000),
                               'metadata', substr({m.metadata}, 1, 4000)) as row
              from {messages} m
             where m.contact_id = {job}.contact_id
               and m.workspace_id = {job}.workspace_id
               and m.direction = 'outbound'
               and m.created_at >= strftime('%Y-%m-%d', {since}, '-1 day')
               and julianday(m.created_at) > {since}
               and {message_is_text}
               and {message_was_sent}
             order by julianday(m.created_at) desc
             limit 200) k)),
  'replies', json((
    select json_group_array(json(k.row))
      from (select json_object('log_id', l.id,
                               'text', cast(l.response as text),
                               'since', cast(round((min(coalesce(julianday(x.sent_at), julianday(l.created_at)),
                                                        coalesce(julianday(l.created_at), julianday(x.sent_at)))
                                                    - 2440587.5) * 86400000) as integer)) as row
              from {queue} x
             cross join {logs} l on l.id = x.ai_log_id
             where x.contact_id = {job}.contact_id
               and x.claimed_at >= strftime('%Y-%m-%d', {since}, '-2 day')
               and julianday(x.sent_at) >= {since} - 1
             order by julianday(x.sent_at) desc
             limit 50) k)))
