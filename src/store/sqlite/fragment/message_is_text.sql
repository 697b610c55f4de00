-- Whether a message, as m, is one of the conversation: of a text-message type, and not internal.
-- Stands in start.sql.
(coalesce({m.msg_type}, '') = '' or lower({m.msg_type}) in (select value from json_each(:message_types)))
and lower(coalesce({m.is_internal}, {m.internal}, 'false')) not in ('true', 't', '1')
