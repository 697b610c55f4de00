-- Deletes what workspaces spent on days more than 60 days ago.
delete from autoreply_spending
 where day < date('now', '-60 days')
