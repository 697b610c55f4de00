-- The breaker called :name, or NULL, and the present time.
select json_object(
         'now', cast(round((julianday('now') - 2440587.5) * 86400000) as integer),
         'breaker', json((
           select json_object(
                    'failed_jobs', json(b.failed_jobs),
                    'opened_at', cast(round((julianday(b.opened_at) - 2440587.5) * 86400000) as integer),
                    'changed_at', cast(round((julianday(b.changed_at) - 2440587.5) * 86400000) as integer),
                    'probe_at', cast(round((julianday(b.probe_at) - 2440587.5) * 86400000) as integer),
                    'pause_ms', b.pause_ms,
                    'probing_until',
                    cast(round((julianday(b.probing_until) - 2440587.5) * 86400000) as integer))
             from autoreply_breakers b
            where b.name = :name)))
