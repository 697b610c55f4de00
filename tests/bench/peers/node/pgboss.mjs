// A worker on pg-boss, which keeps the jobs in tables of its own.
//
//   node pgboss.mjs prepare    installs the tables and adds a job for each pending row of
//                              ai_response_queue, or for LIMIT of them
//   node pgboss.mjs            does up to LIMIT jobs, CONCURRENCY at a time, and ends when none are left
import PgBoss from 'pg-boss';
import { answer, close, concurrency, limit, pool } from './worker.mjs';

const queue = 'answer';

// Maintenance and schedules are off, since one program of many would do them in production.
const boss = new PgBoss({
  db: { executeSql: (text, values) => pool.query(text, values) },
  supervise: false,
  schedule: false,
});
boss.on('error', (error) => console.error(error.message));

async function prepare() {
  await boss.createQueue(queue, { retryDelay: 60 });
  const { rows } = await pool.query(
    `select id from ai_response_queue where status = 'pending' order by next_attempt_at limit $1`,
    [limit === Infinity ? null : limit],
  );
  await boss.insert(rows.map((row) => ({ name: queue, data: { id: row.id } })));
  await pool.query('analyze');
}

async function main() {
  const counts = { completed: 0, failed: 0 };
  // A fetch sorts all jobs that are due, so a large batch does that less often.
  const batch = Math.max(concurrency, 512);
  const fetched = [];
  const done = [];
  let left = limit;
  let fetching = null;
  let completing = null;

  // A fetch begins when half a batch is left, so a worker seldom waits for one.
  const refill = () => {
    if (left > 0 && fetched.length <= batch / 2) {
      fetching ??= boss.fetch(queue, { batchSize: Math.min(batch, left) }).then((jobs) => {
        fetched.push(...jobs);
        left = jobs.length > 0 ? left - jobs.length : 0;
        fetching = null;
      });
    }
    return fetching;
  };
  const next = async () => {
    for (let filled = refill(); filled && fetched.length === 0; filled = refill()) await filled;
    return fetched.shift();
  };
  // One statement completes all jobs that ended during the last one.
  const complete = async () => {
    while (done.length > 0) await boss.complete(queue, done.splice(0));
    completing = null;
  };
  const work = async () => {
    for (let job = await next(); job; job = await next()) {
      try {
        await answer(job.data.id, null);
        ++counts.completed;
        done.push(job.id);
        completing ??= complete();
      } catch (error) {
        ++counts.failed;
        console.error(`job ${job.data.id}: ${error.message}`);
        await boss.fail(queue, job.id, error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  await completing;
  return counts;
}

await boss.start();
const counts = await (process.argv[2] === 'prepare' ? prepare() : main());
await boss.stop();
await close(counts);
