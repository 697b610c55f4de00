-- True if the message m is part of the conversation: a text message, and not internal. A message without a
-- type is a text message. m.document is the row as JSON.
--
-- :message_types json  ["sms", ...] in lower case
(coalesce(m.document ->> 'msg_type', '') = ''
 or lower(m.document ->> 'msg_type') in (select jsonb_array_elements_text(:message_types::jsonb)))
and coalesce(m.document ->> 'is_internal', m.document ->> 'internal', 'false') not in ('true', 't', '1')
