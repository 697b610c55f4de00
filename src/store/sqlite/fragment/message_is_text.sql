-- True if the message m is part of the conversation: a text message, and not internal. A message without a
-- type is a text message.
--
-- :message_types json  ["sms", ...] in lower case
(coalesce({m.msg_type}, '') = '' or lower({m.msg_type}) in (select value from json_each(:message_types)))
and lower(coalesce({m.is_internal}, {m.internal}, 'false')) not in ('true', 't', '1')
