-- Adds the columns that the table of an earlier schema lacks.
alter table autoreply_schema add column revision integer not null default 0
