-- Creates the breakers that do not exist, locks all of them, and reads what reports on them need to know. The
-- rows are as they are once all are locked, whatever other transactions wrote meanwhile, and so is the time.
--
-- :peers json       [{"name", "label"}, ...] in the order in which they are locked; the label is for people
-- :workspaces json  [workspace, ...] of the reports
--
-- Returns {"now", "breakers", "workspaces": [{"workspace_id", "no_other", "others_due"}, ...]}: the present time
-- in milliseconds since 1970, the breakers as in fragment/breaker_row.sql, whether no other workspace is
-- configured, and whether another one has due jobs. Two workspaces with due jobs are enough to know that.
with recursive locked as (
  insert into autoreply_breakers as b (name, label)
  select p.value ->> 'name', p.value ->> 'label'
    from jsonb_array_elements(:peers::jsonb) with ordinality as p(value, place)
   order by p.place
      on conflict (name) do update set label = b.label
  returning b.*
), {due_walk wanted=2}
select json_build_object(
         'now', (extract(epoch from clock_timestamp()) * 1000)::bigint,
         'breakers', f.breakers,
         'workspaces', f.workspaces)::text
  from (select (select json_agg({breaker_row}) from locked b) as breakers,
               (select coalesce(json_agg(json_build_object(
                         'workspace_id', w.id,
                         'no_other', not exists (select 1 from {config} c where c.workspace_id <> w.id),
                         'others_due', exists (select 1 from walk d where d.due and d.workspace_id <> w.id))),
                       '[]'::json)
                  from jsonb_array_elements_text(:workspaces::jsonb) as w(id)) as workspaces
        offset 0) f
