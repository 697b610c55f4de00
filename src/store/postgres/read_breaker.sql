-- The breaker called :name, or NULL, and the present time.
select json_build_object(
         'now', (extract(epoch from statement_timestamp()) * 1000)::bigint,
         'breaker', (
           select json_build_object(
                    'failed_jobs', b.failed_jobs,
                    'opened_at', (extract(epoch from b.opened_at) * 1000)::bigint,
                    'changed_at', (extract(epoch from b.changed_at) * 1000)::bigint,
                    'probe_at', (extract(epoch from b.probe_at) * 1000)::bigint,
                    'pause_ms', b.pause_ms,
                    'probing_until', (extract(epoch from b.probing_until) * 1000)::bigint)
             from autoreply_breakers b
            where b.name = :name))::text
