-- True if the host took the outbound message m for sending and has not noted a failure. m.document is the row
-- as JSON.
lower(coalesce(m.document ->> 'status', '')) not in ('failed', 'undelivered', 'canceled')
