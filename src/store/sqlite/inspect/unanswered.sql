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
with answer as materialized (
  select m.workspace_id, m.contact_id, max(julianday(m.created_at)) as last_at
    from {messages} m
   where julianday(m.created_at) >= julianday(:since)
     and m.direction = 'outbound'
     and {message_was_sent}
   group by m.workspace_id, m.contact_id
), unanswered as materialized (
  select m.id, m.workspace_id, m.contact_id, julianday(m.created_at) as made_at,
         cast(round(julianday(m.created_at) * 86400000) as integer) as made_ms
    from {messages} m
   where julianday(m.created_at) >= julianday(:since)
     and julianday(m.created_at) < julianday(:until)
     and (:after = '' or julianday(m.created_at) >= (cast(:after as integer) - 1) / 86400000.0)
     and m.direction = 'inbound'
     and (json_array_length(:workspaces) = 0 or m.workspace_id in (select value from json_each(:workspaces)))
     and (json_array_length(:contacts) = 0 or m.contact_id in (select value from json_each(:contacts)))
     and {message_is_text}
     and not exists (select 1 from {queue} q where q.contact_id = m.contact_id and q.message_id = m.id)
     and not exists (select 1 from {logs} l where l.message_id = m.id)
     and not exists (select 1
                       from answer a
                      where a.contact_id = m.contact_id
                        and a.workspace_id = m.workspace_id
                        and a.last_at > julianday(m.created_at))
)
select json_object(
         'count', (select count(*) from unanswered),
         'messages', json((select json_group_array(json_object('id', p.id, 'workspace_id', p.workspace_id,
                                                               'contact_id', p.contact_id,
                                                               'created_at', {iso_time time=p.made_at},
                                                               'position', cast(p.made_ms as text)))
                             from (select u.* from unanswered u
                                    where :after = ''
                                       or u.made_ms > cast(:after as integer)
                                       or (u.made_ms = cast(:after as integer) and u.id > :after_id)
                                    order by u.made_ms, u.id
                                    limit cast(:limit as integer)) p)))
