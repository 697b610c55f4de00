-- True if the host took the outbound message m for sending and has not noted a failure.
lower(coalesce({m.status}, '')) not in ('failed', 'undelivered', 'canceled')
