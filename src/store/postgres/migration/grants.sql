-- Grants a role what a run needs. The functions that keep plans follow by themselves: every role that may write our
-- runs may execute them.
--
-- {role} alias  its name, in quotes
grant select on {queue}, {logs}, {messages}, {contacts}, {config} to {role};
grant update on {queue} to {role};
grant insert on {logs} to {role};
grant select on autoreply_schema to {role};
grant select, insert, update, delete
   on autoreply_runs, autoreply_breakers, autoreply_turns, autoreply_spending, autoreply_holds to {role}
