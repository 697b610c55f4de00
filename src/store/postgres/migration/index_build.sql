-- Reads how far the building of an index of the queue is.
--
-- Returns {"phase", "done", "total"}, or NULL if none is being built. "total" is 0 if it is not known.
select json_build_object(
         'phase', p.phase,
         'done', case when p.tuples_total > 0 then p.tuples_done when p.blocks_total > 0 then p.blocks_done
                      else p.lockers_done end,
         'total', case when p.tuples_total > 0 then p.tuples_total when p.blocks_total > 0 then p.blocks_total
                       else p.lockers_total end)::text
  from pg_stat_progress_create_index p
 where p.relid = to_regclass('{queue}')
 limit 1
