-- True if the limits in the row a allow one more claim for the contact of the row p. A row without a contact
-- has no such limits.
(p.contact_id is null
 or ((a.contact_per_minute is null
      or (select count(*)
            from (select 1 from {queue} r
                   where r.contact_id = p.contact_id
                     and r.claimed_at > statement_timestamp() - interval '1 minute'
                   limit a.contact_per_minute) c) < a.contact_per_minute)
     and (a.contact_per_hour is null
          or (select count(*)
                from (select 1 from {queue} r
                       where r.contact_id = p.contact_id
                         and r.claimed_at > statement_timestamp() - interval '1 hour'
                       limit a.contact_per_hour) c) < a.contact_per_hour)))
