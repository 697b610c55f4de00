-- True if the limits in the ask allow one more claim for the contact of the row p. A row without a contact
-- has no such limits.
--
-- :asks json  as in claim/candidates.sql
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
