// A worker as a Node programmer would write it. It claims due jobs in batches and answers each.
//
//   node worker.mjs prepare    creates the index that a claim needs
//   node worker.mjs            does up to LIMIT jobs, CONCURRENCY at a time, and ends when no more are due
//
// The work of one job is exported, since the programs beside this one differ from it in their queue only.
import { realpathSync } from 'node:fs';
import pg from 'pg';
import { Agent, request } from 'undici';

const connectionsMax = 16;
const batchMin = 64;

export const concurrency = Number(process.env.CONCURRENCY ?? 16);
export const limit = Number(process.env.LIMIT ?? Infinity);
export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Math.min(connectionsMax, concurrency),
});
// A connection that breaks while it is idle would end the program otherwise.
const note = (error) => console.error(error.message);
pool.on('error', note).on('connect', (client) => client.on('error', note));
const agent = new Agent({
  connections: concurrency,
  keepAliveTimeout: 60_000,
  headersTimeout: 60_000,
  bodyTimeout: 60_000,
});

// A name makes a statement a prepared one.
const claim = {
  name: 'claim',
  text: `
    with due as (
      select id from ai_response_queue
       where status = 'pending' and next_attempt_at <= now()
       order by next_attempt_at
       limit $1
       for update skip locked
    )
    update ai_response_queue q
       set status = 'processing', claim_token = gen_random_uuid(), claimed_at = now(),
           lease_until = now() + interval '5 minutes'
      from due
     where q.id = due.id
    returning q.id, q.claim_token as token`,
};

// The start of a job and all that it reads take one round trip. A job from another queue has no token.
const start = {
  name: 'start',
  text: `
    with job as (
      update ai_response_queue set started_at = now(), attempts = attempts + 1
       where id = $1 and claim_token is not distinct from $2
      returning workspace_id, contact_id, message_id
    )
    select j.workspace_id, j.contact_id, m.body as question, c.phone_number, g.provider, g.model,
           g.system_prompt, g.api_key, g.base_url, g.temperature, g.max_tokens,
           (select coalesce(json_agg(json_build_object('direction', h.direction, 'body', h.body)
                                     order by h.created_at), '[]')
              from (select direction, body, created_at from livechat_messages
                     where contact_id = j.contact_id and workspace_id = j.workspace_id
                       and direction in ('inbound', 'outbound') and id <> j.message_id
                     order by created_at desc
                     limit 10) h) as history
      from job j
      join livechat_messages m on m.id = j.message_id
      join contacts c on c.id = j.contact_id
      join workspace_ai_config g on g.workspace_id = j.workspace_id
     limit 1`,
};

const record = {
  name: 'record',
  text: `
    with job as (
      update ai_response_queue set ai_log_id = gen_random_uuid(), sends = sends + 1, sent_at = now()
       where id = $1 and claim_token is not distinct from $2
      returning ai_log_id, workspace_id, contact_id, message_id
    )
    insert into ai_response_logs (id, workspace_id, contact_id, message_id, provider, model, prompt, response,
                                  tokens_used, created_at)
    select ai_log_id, workspace_id, contact_id, message_id, $3, $4, $5, $6, $7, now() from job
    returning id`,
};

const complete = {
  name: 'complete',
  text: `
    update ai_response_queue
       set status = 'complete', processed_at = now(), outcome = 'completed',
           claim_token = null, lease_until = null
     where id = $1 and claim_token = $2`,
};

const retry = {
  name: 'retry',
  text: `
    update ai_response_queue
       set status = 'pending', next_attempt_at = now() + interval '1 minute', error = $3,
           claim_token = null, lease_until = null
     where id = $1 and claim_token = $2`,
};

// An answer is read to its end, since its connection cannot be used again otherwise.
async function post(url, headers, body) {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    dispatcher: agent,
  });
  const text = await response.body.text();
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299) throw new Error(`${url} answered HTTP ${statusCode}`);
  return text;
}

export async function answer(id, token) {
  const { rows: [job] } = await pool.query({ ...start, values: [id, token] });
  if (!job) throw new Error('the claim was lost, or a row that the job refers to is missing');
  const prompt = JSON.stringify({
    model: job.model,
    messages: [
      { role: 'system', content: job.system_prompt },
      ...job.history.map(({ direction, body }) => ({
        role: direction === 'outbound' ? 'assistant' : 'user',
        content: body,
      })),
      { role: 'user', content: job.question },
    ],
    temperature: job.temperature ?? undefined,
    max_tokens: job.max_tokens ?? undefined,
  });
  const { choices, usage } = JSON.parse(
    await post(`${job.base_url}/chat/completions`, { authorization: `Bearer ${job.api_key}` }, prompt),
  );
  const reply = choices[0].message.content;
  const { rows: [log] } = await pool.query({
    ...record,
    values: [id, token, job.provider, job.model, prompt, reply, usage?.total_tokens],
  });
  if (!log) throw new Error('the claim was lost');
  await post(process.env.CALLBACK_URL, {}, JSON.stringify({
    to: job.phone_number,
    message: reply,
    workspaceId: job.workspace_id,
    contactId: job.contact_id,
    metadata: { contactId: job.contact_id, isAiGenerated: true, aiLogId: log.id },
  }));
}

export async function close(counts) {
  await Promise.all([pool.end(), agent.close()]);
  if (!counts) return;
  console.log(JSON.stringify(counts));
  if (counts.failed > 0) process.exitCode = 1;
}

async function prepare() {
  await pool.query(`create index if not exists ai_response_queue_due
                        on ai_response_queue (next_attempt_at) where status = 'pending'`);
}

async function main() {
  const batch = Math.max(concurrency, batchMin);
  const counts = { completed: 0, failed: 0 };
  const claimed = [];
  let left = limit;
  let claiming = null;

  // A claim begins when half a batch is left, so a worker seldom waits for one.
  const refill = () => {
    if (left > 0 && claimed.length <= batch / 2) {
      claiming ??= pool.query({ ...claim, values: [Math.min(batch, left)] }).then(({ rows }) => {
        claimed.push(...rows);
        left = rows.length > 0 ? left - rows.length : 0;
        claiming = null;
      });
    }
    return claiming;
  };
  const next = async () => {
    for (let filled = refill(); filled && claimed.length === 0; filled = refill()) await filled;
    return claimed.shift();
  };
  const work = async () => {
    for (let job = await next(); job; job = await next()) {
      try {
        await answer(job.id, job.token);
        const { rowCount } = await pool.query({ ...complete, values: [job.id, job.token] });
        if (rowCount === 0) throw new Error('the claim was lost');
        ++counts.completed;
      } catch (error) {
        ++counts.failed;
        console.error(`job ${job.id}: ${error.message}`);
        await pool.query({ ...retry, values: [job.id, job.token, error.message] });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return counts;
}

if (realpathSync(process.argv[1]) === import.meta.filename) {
  await close(await (process.argv[2] === 'prepare' ? prepare() : main()));
}
