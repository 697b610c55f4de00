-- Adds the columns that the table of an earlier schema lacks.
alter table autoreply_runs add column started_at text;
alter table autoreply_runs add column ended_at text;
alter table autoreply_runs add column alive_until text;
alter table autoreply_runs add column options text
