-- Restricts an update of the queue to the jobs in :only.
and id in (select value from json_each(:only))
