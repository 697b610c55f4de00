-- Reads the messages that went out to a contact after a certain time, and our replies that may be among them.
-- start.sql and record.sql use it.
--
-- {job} alias  a row with the contact and its workspace
-- {since} expression  a timestamptz
-- :messages_since timestamptz  not after any {since} of the batch; spares partitions of messages
-- :message_types json  ["sms", ...] in lower case
--
-- Returns {"since", "messages": [{"at", "body", "metadata"}, ...], "replies": [{"log_id", "text", "since"},
-- ...]}. Times are milliseconds since 1970. Messages come newest first.
json_build_object(
  'since', (extract(epoch from {since}) * 1000)::bigint,
  'messages', (
    select json_agg(json_build_object('at', (extract(epoch from m.created_at) * 1000)::bigint,
                                      'body', left(m.body, 20000),
                                      'metadata', left(m.document ->> 'metadata', 4000))
                    order by m.created_at desc)
      from (select r.body, r.created_at, to_jsonb(r) as document
              from {messages} r
             where r.contact_id = {job}.contact_id
               and r.workspace_id = {job}.workspace_id
               and r.direction = 'outbound'
               and r.created_at > {since}
               and r.created_at >= :messages_since::timestamptz
             order by r.created_at desc
             limit 200) m
     where {message_is_text} and {message_was_sent}),
  'replies', (
    select json_agg(json_build_object('log_id', l.id,
                                      'text', l.response,
                                      'since', (extract(epoch from least(e.sent_at, l.created_at::timestamptz))
                                                * 1000)::bigint))
      from (select n.ai_log_id, n.sent_at
              from {queue} n
             where n.contact_id = {job}.contact_id
               and n.ai_log_id is not null
               -- This range bounds the rows that the index reads for a contact with a long history.
               and n.claimed_at >= {since} - interval '2 days'
               and n.sent_at >= {since} - interval '1 day'
             order by n.sent_at desc
             limit 50) e
      join {logs} l on l.id = e.ai_log_id))
