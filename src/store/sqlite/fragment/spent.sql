-- Selects what a workspace has spent on the days that are today somewhere: [{"day", "tokens", "nanodollars"}, ...].
--
-- {workspace} expression  its id
json((select json_group_array(json_object('day', p.day, 'tokens', p.tokens, 'nanodollars', p.nanodollars))
        from autoreply_spending p
       where p.workspace_id = {workspace}
         and p.day >= date('now', '-1 day')))
