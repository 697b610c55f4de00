-- Whether one more job of the contact of the row p may be claimed, under the limits that a names.
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
