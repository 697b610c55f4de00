-- Forgets breakers that nothing has happened to for a month.
delete from autoreply_breakers b
 where b.name in (select s.name
                    from autoreply_breakers s
                   where greatest(s.changed_at, s.accepted_at, s.blocked_until, s.failing_since)
                           < statement_timestamp() - interval '30 days'
                   order by s.name
                   limit 5000
                     for update skip locked)
