-- Replaces what is known of the limits and breakers that keep due jobs unclaimed. Drops what closed breakers held.
--
-- :batch json  [{"workspace_id", "contact_id", "reason", "breaker", "detail", "spares_recorded", "since", "until"}, ...]:
--   an empty id means all, the times are in milliseconds since 1970 or NULL
-- :workspaces json  [id, ...] that were looked at
-- :are_all bool  these are all that have due jobs
delete from autoreply_holds
 where (workspace_id in (select value from json_each(:workspaces))
        or (:are_all = 'true' and breaker = '')
        -- A breaker of another callback holds nothing that this run has seen.
        or (:are_all = 'true' and workspace_id = '' and json_array_length(:workspaces) > 0)
        or (workspace_id <> ''
            and not exists (select 1 from {queue} q
                             where q.status = 'pending' and {workspace} = autoreply_holds.workspace_id))
        or (breaker <> ''
            and not exists (select 1
                              from autoreply_breakers b
                             where b.name = autoreply_holds.breaker
                               and (b.opened_at is not null or julianday(b.blocked_until) > julianday('now')))))
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
