-- Notes that the turn of a workspace is over.
--
-- :workspace_id text
insert into autoreply_turns (queue, workspace_id) values ('{queue}', :workspace_id)
    on conflict (queue) do update set workspace_id = excluded.workspace_id
