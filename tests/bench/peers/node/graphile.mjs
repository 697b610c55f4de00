// A worker on graphile-worker, which keeps the jobs in tables of its own.
//
//   node graphile.mjs prepare    installs the tables and adds a job for each pending row of
//                                ai_response_queue, or for LIMIT of them
//   node graphile.mjs            does all jobs that are due, CONCURRENCY at a time
import { Logger, runMigrations, runOnce } from 'graphile-worker';
import { answer, close, concurrency, limit, pool } from './worker.mjs';

// A line for each completed job would cost time that the other programs do not spend.
const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});

async function prepare() {
  await runMigrations({ pgPool: pool, logger });
  await pool.query(
    `select count(*)
       from graphile_worker.add_jobs(array(
              select row('answer', json_build_object('id', id), null, next_attempt_at, null, null, null, null)
                       ::graphile_worker.job_spec
                from ai_response_queue
               where status = 'pending'
               order by next_attempt_at
               limit $1))`,
    [limit === Infinity ? null : limit],
  );
  await pool.query('analyze');
}

async function main() {
  const counts = { completed: 0, failed: 0 };
  await runOnce({
    pgPool: pool,
    logger,
    taskList: {
      async answer({ id }) {
        try {
          await answer(id, null);
          ++counts.completed;
        } catch (error) {
          ++counts.failed;
          throw error;
        }
      },
    },
    preset: {
      worker: {
        concurrentJobs: concurrency,
        // The queue in memory is filled when it is empty, so the jobs wait less often if it is large.
        localQueue: { size: Math.max(concurrency, 512) },
        // A longer delay saves few statements more, and a run ends later by it.
        completeJobBatchDelay: 50,
        failJobBatchDelay: 50,
      },
    },
  });
  return counts;
}

await close(await (process.argv[2] === 'prepare' ? prepare() : main()));
