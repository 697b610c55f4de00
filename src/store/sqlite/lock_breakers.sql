-- Creates the breakers that do not exist, and reads what reports on them need to know. The transaction already
-- has the write lock.
--
-- :peers json       [{"name", "label"}, ...]; the label is for people
-- :workspaces json  [workspace, ...] of the reports
--
-- Returns {"now", "breakers", "workspaces": [{"workspace_id", "no_other", "others_due"}, ...]}: the present time
-- in milliseconds since 1970, the breakers as in fragment/breaker_row.sql, whether no other workspace is
-- configured, and whether another one has due jobs. Two workspaces with due jobs are enough to know that.
insert into autoreply_breakers (name, label)
select json_extract(value, '$.name'), json_extract(value, '$.label')
  from json_each(:peers)
 where true
    on conflict (name) do nothing;
with recursive walk (workspace_id, found) as (
  select min({workspace}), 0 from {queue} q where q.status = 'pending'
  union all
  select {next_workspace},
         w.found + {has_due_job row=w}
    from walk w
   where w.workspace_id is not null and w.found < 2
)
select json_object(
         'now', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
         'breakers', (select json_group_array({breaker_row})
                        from json_each(:peers) p
                        join autoreply_breakers b on b.name = json_extract(p.value, '$.name')),
         'workspaces', (select json_group_array(json_object(
                                 'workspace_id', w.value,
                                 'no_other', not exists (select 1 from {config} c where c.workspace_id <> w.value),
                                 'others_due', exists (select 1
                                                         from walk d
                                                        where d.workspace_id <> w.value
                                                          and {has_due_job row=d})))
                          from json_each(:workspaces) w))
