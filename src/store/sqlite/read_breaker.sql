-- The breaker called :name, or NULL, and the present time.
select json_object(
         'now', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
         'breaker', json((select {breaker_row} from autoreply_breakers b where b.name = :name)))
