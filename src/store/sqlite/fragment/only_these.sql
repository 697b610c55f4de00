-- Restricts an update of the queue to certain jobs.
--
-- :only json  [id, ...]
and id in (select value from json_each(:only))
