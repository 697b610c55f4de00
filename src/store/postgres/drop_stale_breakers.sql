-- Deletes breakers without any event for 30 days, at most 5,000 at a time. Skips rows that other transactions
-- have locked.
delete from autoreply_breakers b
 where b.name in (select s.name
                    from autoreply_breakers s
                   where greatest(s.changed_at, s.accepted_at, s.blocked_until, s.failing_since)
                           < statement_timestamp() - interval '30 days'
                   order by s.name
                   limit 5000
                     for update skip locked)
