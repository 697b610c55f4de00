-- Claims of all runs on one queue take turns. The lock ends with the transaction, so a process that
-- dies leaves nothing behind, and a pooler in transaction mode can serve it.
select pg_advisory_xact_lock(1635087471, {queue_lock})::text
