-- The breaker called :name, or NULL, and the present time.
select json_build_object(
         'now', (extract(epoch from statement_timestamp()) * 1000)::bigint,
         'breaker', (select {breaker_row} from autoreply_breakers b where b.name = :name))::text
