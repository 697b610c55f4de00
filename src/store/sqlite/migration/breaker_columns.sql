-- Adds the columns that the breakers of an earlier version lack, one per statement.
alter table autoreply_breakers add column blocked_until text;
alter table autoreply_breakers add column in_flight_max integer not null default 0;
alter table autoreply_breakers add column successes integer not null default 0;
alter table autoreply_breakers add column cause text not null default 'down';
alter table autoreply_breakers add column scope text not null default 'job';
alter table autoreply_breakers add column reason text not null default '';
alter table autoreply_breakers add column words text not null default '';
alter table autoreply_breakers add column last_failed text not null default '';
alter table autoreply_breakers add column failing_since text;
alter table autoreply_breakers add column accepted_at text;
alter table autoreply_breakers add column accepted_job text not null default '';
alter table autoreply_breakers add column rejections text not null default '[]';
