-- Finds inbound messages that have no entry in the queue, no reply in the log and no later outbound message, the oldest
-- first.
--
-- :since text  ISO 8601
-- :until text  ISO 8601, exclusive
-- :after text  the position of a message: only those that follow it; empty: all
-- :after_id text  its id; may be empty
-- :workspaces json  [id, ...]; empty: all
-- :contacts json  [id, ...]; empty: all
-- :message_types json  ["sms", ...] in lower case
-- :limit int
--
-- Returns {"count": of these, "messages": [{"id", "workspace_id", "contact_id", "created_at", "position"}, ...]}.
with outbound as (
  select m.workspace_id, m.contact_id, m.created_at, to_jsonb(m) as document
    from {messages} m
   where m.created_at >= :since::timestamptz
     and m.direction || '' = 'outbound'
), answer as materialized (
  select m.workspace_id, m.contact_id, max(m.created_at) as last_at
    from outbound m
   where {message_was_sent}
   group by m.workspace_id, m.contact_id
), inbound as materialized (
  select m.id, m.workspace_id, m.contact_id, m.created_at, to_jsonb(m) as document
    from {messages} m
   where m.created_at >= :since::timestamptz
     and m.created_at < :until::timestamptz
     and (:after = '' or m.created_at >= nullif(:after, '')::timestamptz)
     and m.direction || '' = 'inbound'
     and (:workspaces::jsonb = '[]' or m.workspace_id in (select jsonb_array_elements_text(:workspaces::jsonb)))
     and (:contacts::jsonb = '[]' or m.contact_id::text in (select jsonb_array_elements_text(:contacts::jsonb)))
     and not exists (select 1 from {queue} q where q.contact_id = m.contact_id and q.message_id = m.id)
     and not exists (select 1 from {logs} l where l.message_id = m.id)
), unanswered as materialized (
  select m.id, m.workspace_id, m.contact_id, m.created_at::timestamptz as created_at
    from inbound m
    left join answer a on a.workspace_id = m.workspace_id and a.contact_id = m.contact_id and a.last_at > m.created_at
   where a.last_at is null
     and {message_is_text}
)
select json_build_object(
         'count', (select count(*) from unanswered),
         'messages', (select coalesce(json_agg(p), '[]'::json)
                        from (select u.id, u.workspace_id, u.contact_id, {iso_time time=u.created_at} as created_at,
                                     u.created_at::text as position
                                from unanswered u
                               where :after = ''
                                  or (u.created_at, u.id::text) > (nullif(:after, '')::timestamptz, :after_id)
                               order by u.created_at, u.id::text
                               limit :limit::int) p))::text
