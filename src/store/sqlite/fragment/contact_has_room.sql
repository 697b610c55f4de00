-- Whether one more job of the contact of the row p may be claimed, under the limits of the first of :asks.
(p.contact_id is null
 or ((json_extract(:asks, '$[0].contact_per_minute') is null
      or (select count(*)
            from (select 1 from {queue} r
                   where r.contact_id = p.contact_id
                     and r.claimed_at > {minute_ago}
                   limit coalesce(json_extract(:asks, '$[0].contact_per_minute'), 0)))
           < json_extract(:asks, '$[0].contact_per_minute'))
     and (json_extract(:asks, '$[0].contact_per_hour') is null
          or (select count(*)
                from (select 1 from {queue} r
                       where r.contact_id = p.contact_id
                         and r.claimed_at > {hour_ago}
                       limit coalesce(json_extract(:asks, '$[0].contact_per_hour'), 0)))
               < json_extract(:asks, '$[0].contact_per_hour'))))
