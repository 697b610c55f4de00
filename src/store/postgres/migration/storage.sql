-- The storage settings of the queue. Every job rewrites its row a few times, and a claim reads indexes that
-- point to the dead versions. The settings leave room for new versions on the same page, and make vacuum run
-- often and without delay.
fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000, autovacuum_vacuum_cost_delay = 0
