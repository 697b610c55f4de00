-- Deletes breakers without any event for 30 days, at most 5,000 at a time.
delete from autoreply_breakers
 where name in (select s.name
                  from autoreply_breakers s
                 where max(s.changed_at, coalesce(s.accepted_at, ''), coalesce(s.blocked_until, ''),
                           coalesce(s.failing_since, ''))
                         < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-30 days')
                 limit 5000)
