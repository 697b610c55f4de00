-- Reads the terms on which jobs of workspaces may be claimed. Of several rows of configuration for a
-- workspace, the one that start.sql uses counts.
--
-- :workspaces json  [id, ...]
-- :contact_per_minute int  0: no limit
-- :contact_per_hour int  0: no limit
-- :workspace_per_minute int  0: no limit
--
-- Returns [{"workspace_id", "config", "contact_per_minute", "contact_per_hour", "workspace_per_minute",
-- "spent", "claimed"}, ...] in the given order. "config" has the settings that determine the peers of the jobs, or is
-- NULL without a row. A limit that is NULL means none. "claimed" counts the jobs claimed in the last minute,
-- up to the workspace's limit.
with asked as (
  select a.workspace_id, a.place
    from jsonb_array_elements_text(:workspaces::jsonb) with ordinality as a(workspace_id, place)
), termed as materialized (
  select a.workspace_id, a.place, c.row, {shares_key_name} as shares_key_name,
         least(nullif(:contact_per_minute::int, 0),
               case when c.row ->> 'contact_per_minute' ~ '^[1-9][0-9]{0,8}$'
                    then (c.row ->> 'contact_per_minute')::int end) as contact_per_minute,
         least(nullif(:contact_per_hour::int, 0),
               case when c.row ->> 'contact_per_hour' ~ '^[1-9][0-9]{0,8}$'
                    then (c.row ->> 'contact_per_hour')::int end) as contact_per_hour,
         least(nullif(:workspace_per_minute::int, 0),
               case when c.row ->> 'workspace_per_minute' ~ '^[1-9][0-9]{0,8}$'
                    then (c.row ->> 'workspace_per_minute')::int end) as workspace_per_minute
    from asked a
    left join lateral (
      select to_jsonb(g) as row
        from {config} g
       where g.workspace_id = a.workspace_id
       order by (lower(coalesce(to_jsonb(g) ->> 'enabled', 'true')) not in {off_words}) desc,
                coalesce(to_jsonb(g) ->> 'updated_at', to_jsonb(g) ->> 'created_at') desc nulls last,
                to_jsonb(g) ->> 'id' desc nulls last
       limit 1) c on true
)
select coalesce(json_agg(json_build_object(
         'workspace_id', t.workspace_id,
         'config', case when t.row is not null then json_build_object(
                       'provider', t.row ->> 'provider',
                       'model', t.row ->> 'model',
                       'temperature', t.row ->> 'temperature',
                       'max_tokens', t.row ->> 'max_tokens',
                       'base_url', t.row ->> 'base_url',
                       'fallback_provider', t.row ->> 'fallback_provider',
                       'fallback_model', t.row ->> 'fallback_model',
                       'fallback_api_key', t.row ->> 'fallback_api_key',
                       'fallback_base_url', t.row ->> 'fallback_base_url',
                       'api_key', t.row ->> 'api_key',
                       'timezone', t.row ->> 'timezone',
                       'daily_budget', t.row ->> 'daily_budget',
                       'shares_key_name', t.shares_key_name) end,
         'contact_per_minute', t.contact_per_minute,
         'contact_per_hour', t.contact_per_hour,
         'workspace_per_minute', t.workspace_per_minute,
         'spent', {spent workspace=t.workspace_id},
         'claimed', (select count(*)
                       from (select 1
                               from {queue} q
                              where coalesce(q.workspace_id, '') = t.workspace_id
                                and q.claimed_at > statement_timestamp() - interval '1 minute'
                              limit coalesce(t.workspace_per_minute, 0)) c))
         order by t.place), '[]'::json)::text
  from termed t
