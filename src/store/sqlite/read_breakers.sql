-- Those of the breakers called :names ([name, ...]) that exist; returns [{...}, ...].
select json_group_array(json({breaker_row}))
  from json_each(:names) n
  join autoreply_breakers b on b.name = n.value
