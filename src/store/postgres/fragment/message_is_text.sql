-- Whether a message, as m with its row as m.document, is one of the conversation: of a text-message type,
-- and not internal. Stands in start.sql.
(coalesce(m.document ->> 'msg_type', '') = ''
 or lower(m.document ->> 'msg_type') in (select jsonb_array_elements_text(:message_types::jsonb)))
and coalesce(m.document ->> 'is_internal', m.document ->> 'internal', 'false') not in ('true', 't', '1')
