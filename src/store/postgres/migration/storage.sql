-- How the queue is stored. Every job rewrites its row a few times, and a claim reads the indexes where the dead
-- versions lie: room for new ones on the same page, and a vacuum that comes often and does not dawdle.
fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000, autovacuum_vacuum_cost_delay = 0
