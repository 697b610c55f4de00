-- Finds the workspaces of the jobs or contacts that a filter names. Ignores ids that do not have the form of
-- a UUID: a comparison as text would read every row.
--
-- :job_filter json  as in fragment/filter.sql; only "job_ids" and "contact_ids" count
--
-- Returns [workspace, ...].
with named as materialized (
  select array(select j::uuid from jsonb_array_elements_text(:job_filter::jsonb -> 'job_ids') j
                where j ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$') as jobs,
         array(select c::uuid from jsonb_array_elements_text(:job_filter::jsonb -> 'contact_ids') c
                where c ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$') as contacts
)
select coalesce(json_agg(distinct w.workspace_id), '[]'::json)::text
  from (select coalesce(q.workspace_id, '') as workspace_id
          from {queue} q where q.id = any((select n.jobs from named n)::uuid[])
        union
        select coalesce(q.workspace_id, '')
          from {queue} q where q.contact_id = any((select n.contacts from named n)::uuid[])) w
