-- Selects what a workspace has spent on the days that are today somewhere: [{"day", "tokens", "nanodollars"}, ...].
--
-- {workspace} expression  its id
(select coalesce(json_agg(json_build_object('day', p.day, 'tokens', p.tokens, 'nanodollars', p.nanodollars)), '[]'::json)
   from autoreply_spending p
  where p.workspace_id = {workspace}
    and p.day >= (statement_timestamp() at time zone 'UTC')::date - 1)
