-- Those of the breakers called :names ([name, ...]) that exist; returns [{...}, ...].
select coalesce(json_agg({breaker_row}), '[]'::json)::text
  from autoreply_breakers b
 where b.name = any (array(select jsonb_array_elements_text(:names::jsonb)))
