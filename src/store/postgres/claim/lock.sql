-- Makes the claims of all runs on one queue take turns. The lock ends with the transaction. A process that
-- dies leaves no lock behind, and a pooler in transaction mode works.
select pg_advisory_xact_lock(1635087471, {queue_lock})::text
