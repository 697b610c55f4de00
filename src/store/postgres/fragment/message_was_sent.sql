-- Whether an outbound message, as m with its row as m.document, is one that the host took for sending and has not seen fail.
lower(coalesce(m.document ->> 'status', '')) not in ('failed', 'undelivered', 'canceled')
