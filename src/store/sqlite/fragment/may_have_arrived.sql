-- True if the customer may have the reply of the row q, whether it waits or has failed.
({in_doubt} or coalesce(q.outcome, '') like '{unknown_delivery_note}%')
