-- Whether a message, as m, is one of the conversation: of a text-message type, and not internal.
-- Stands in start.sql.
(coalesce(to_jsonb(m) ->> 'msg_type', '') = ''
 or lower(to_jsonb(m) ->> 'msg_type') in (select jsonb_array_elements_text(:message_types::jsonb)))
and coalesce(to_jsonb(m) ->> 'is_internal', to_jsonb(m) ->> 'internal', 'false') not in ('true', 't', '1')
