-- Replaces what is known of the limits and breakers that keep due jobs unclaimed. Drops what closed breakers held.
--
-- :batch json  [{"workspace_id", "contact_id", "reason", "breaker", "detail", "spares_recorded", "since", "until"}, ...]:
--   an empty id means all, the times are in milliseconds since 1970 or NULL
-- :workspaces json  [id, ...] that were looked at
-- :are_all bool  these are all that have due jobs
with found as (
  select n.workspace_id, n.contact_id, n.reason, n.breaker, n.detail, n.spares_recorded,
         coalesce(to_timestamp(n.since / 1000.0), statement_timestamp()) as since,
         to_timestamp(n.until / 1000.0) as until
    from jsonb_to_recordset(:batch::jsonb)
      as n(workspace_id text, contact_id text, reason text, breaker text, detail text, spares_recorded boolean,
           since bigint, until bigint)
), gone as (
  delete from autoreply_holds h
   where (h.workspace_id in (select jsonb_array_elements_text(:workspaces::jsonb))
          or (:are_all::boolean and h.breaker = '')
          -- A breaker of another callback holds nothing that this run has seen.
          or (:are_all::boolean and h.workspace_id = '' and :workspaces::jsonb <> '[]')
          or (h.workspace_id <> ''
              and not exists (select 1 from {queue} q
                               where q.status = 'pending' and coalesce(q.workspace_id, '') = h.workspace_id))
          or (h.breaker <> ''
              and not exists (select 1
                                from autoreply_breakers b
                               where b.name = h.breaker
                                 and (b.opened_at is not null or b.blocked_until > statement_timestamp()))))
     and not exists (select 1
                       from found f
                      where f.workspace_id = h.workspace_id and f.contact_id = h.contact_id
                        and f.reason = h.reason and f.breaker = h.breaker)
)
insert into autoreply_holds as h (workspace_id, contact_id, reason, breaker, detail, spares_recorded, since, until)
select f.workspace_id, f.contact_id, f.reason, f.breaker, f.detail, f.spares_recorded, f.since, f.until
  from found f
 order by f.workspace_id, f.contact_id, f.reason, f.breaker
    on conflict (workspace_id, contact_id, reason, breaker) do update
       set detail = excluded.detail, spares_recorded = excluded.spares_recorded, until = excluded.until,
           since = case when excluded.breaker = '' then h.since else excluded.since end
