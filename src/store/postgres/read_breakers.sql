-- Reads the breakers with certain names.
--
-- :names json  [name, ...]
--
-- Returns those that exist: [{...}, ...] as in fragment/breaker_row.sql.
select coalesce(json_agg({breaker_row}), '[]'::json)::text
  from autoreply_breakers b
 where b.name = any (array(select jsonb_array_elements_text(:names::jsonb)))
