-- Whether an outbound message, as m, is one that the host took for sending and has not seen fail.
lower(coalesce({m.status}, '')) not in ('failed', 'undelivered', 'canceled')
