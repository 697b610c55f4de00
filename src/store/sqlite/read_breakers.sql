-- Reads the breakers with certain names.
--
-- :names json  [name, ...]
--
-- Returns those that exist: [{...}, ...] as in fragment/breaker_row.sql.
select json_group_array(json({breaker_row}))
  from json_each(:names) n
  join autoreply_breakers b on b.name = n.value
