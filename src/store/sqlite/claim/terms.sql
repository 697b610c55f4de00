-- Reads the terms on which jobs of workspaces may be claimed. Of several rows of configuration for a
-- workspace, the one that start.sql uses counts.
--
-- :workspaces json  [id, ...]
-- :contact_per_minute int  0: no limit
-- :contact_per_hour int  0: no limit
-- :workspace_per_minute int  0: no limit
--
-- Returns the same as the statement for PostgreSQL, but "claimed" does not stop at the workspace's limit.
with limits as (
  select a.key as place, a.value as workspace_id, json(c.row) as row,
         min(coalesce(nullif(cast(:contact_per_minute as integer), 0), 1e9),
             coalesce(nullif(cast(json_extract(c.row, '$.contact_per_minute') as integer), 0), 1e9))
           as contact_per_minute,
         min(coalesce(nullif(cast(:contact_per_hour as integer), 0), 1e9),
             coalesce(nullif(cast(json_extract(c.row, '$.contact_per_hour') as integer), 0), 1e9))
           as contact_per_hour,
         min(coalesce(nullif(cast(:workspace_per_minute as integer), 0), 1e9),
             coalesce(nullif(cast(json_extract(c.row, '$.workspace_per_minute') as integer), 0), 1e9))
           as workspace_per_minute
    from json_each(:workspaces) a
    left join (
      select n.value as workspace_id,
             (select json_object('provider', {g.provider}, 'model', {g.model}, 'temperature', {g.temperature},
                                 'max_tokens', {g.max_tokens}, 'base_url', {g.base_url}, 'api_key', {g.api_key},
                                 'fallback_provider', {g.fallback_provider},
                                 'fallback_model', {g.fallback_model},
                                 'fallback_api_key', {g.fallback_api_key},
                                 'fallback_base_url', {g.fallback_base_url},
                                 'timezone', {g.timezone},
                                 'daily_budget', {g.daily_budget},
                                 'shares_key_name', {shares_key_name},
                                 'contact_per_minute', {own_limit limit={g.contact_per_minute}},
                                 'contact_per_hour', {own_limit limit={g.contact_per_hour}},
                                 'workspace_per_minute', {own_limit limit={g.workspace_per_minute}})
                from {config} g
               where g.workspace_id = n.value
               order by {config_is_enabled} desc,
                        coalesce(julianday({g.updated_at}), julianday({g.created_at}), 0) desc,
                        {g.id} desc
               limit 1) as row
        from json_each(:workspaces) n) c on c.workspace_id = a.value
)
select json_group_array(json_object(
         'workspace_id', t.workspace_id,
         'config', json(t.row),
         'contact_per_minute', nullif(cast(t.contact_per_minute as integer), 1000000000),
         'contact_per_hour', nullif(cast(t.contact_per_hour as integer), 1000000000),
         'workspace_per_minute', nullif(cast(t.workspace_per_minute as integer), 1000000000),
         'spent', {spent workspace=t.workspace_id},
         'claimed', (select count(*)
                       from {queue} q
                      where {workspace} = t.workspace_id
                        and t.workspace_per_minute < 1e9
                        and q.claimed_at > {minute_ago})))
  from (select * from limits order by place) t
