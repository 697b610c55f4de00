-- Replaces what is known of the limits and breakers that keep due jobs unclaimed.
--
-- :batch json  [{"workspace_id", "contact_id", "reason", "breaker", "detail", "spares_recorded", "since", "until"}, ...]:
--   an empty id means all, the times are in milliseconds since 1970 or NULL
-- :workspaces json  [id, ...] to which the batch belongs; NULL for all
delete from autoreply_holds
 where (json_type(:workspaces) = 'null' or workspace_id in (select value from json_each(:workspaces)))
   and not exists (select 1
                     from json_each(:batch) n
                    where json_extract(n.value, '$.workspace_id') = autoreply_holds.workspace_id
                      and json_extract(n.value, '$.contact_id') = autoreply_holds.contact_id
                      and json_extract(n.value, '$.reason') = autoreply_holds.reason
                      and json_extract(n.value, '$.breaker') = autoreply_holds.breaker);
insert into autoreply_holds as h (workspace_id, contact_id, reason, breaker, detail, spares_recorded, since, until)
select json_extract(n.value, '$.workspace_id'), json_extract(n.value, '$.contact_id'),
       json_extract(n.value, '$.reason'), json_extract(n.value, '$.breaker'), json_extract(n.value, '$.detail'),
       json_extract(n.value, '$.spares_recorded'),
       coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.since') / 1000.0, 'unixepoch'), {now}),
       strftime('%Y-%m-%dT%H:%M:%fZ', json_extract(n.value, '$.until') / 1000.0, 'unixepoch')
  from json_each(:batch) n
 where true
    on conflict (workspace_id, contact_id, reason, breaker) do update
       set detail = excluded.detail, spares_recorded = excluded.spares_recorded, until = excluded.until,
           since = case when excluded.breaker = '' then h.since else excluded.since end
