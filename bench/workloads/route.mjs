import { HttpConnector, MCPSession, ofMethod, progressOf } from 'rx-mcp';
import { filter, map, Subject } from 'rxjs';
import { z } from 'zod';
import { countdown } from '../harness/countdown.mjs';
import { startServer } from '../harness/startServer.mjs';
import { notificationAt } from '../servers/messages.mjs';

// The hub is not part of the public API, so it is imported from the built package.
const { createHub } = await import(new URL('notification/hub.js', import.meta.resolve('rx-mcp')));

/** The ways to route a notification to the subscriber of its token, without I/O. */
const sources = {
  hub: createHub,
  /** The alternative to a hub: every subscriber filters every notification. */
  filter: () => {
    const all$ = new Subject();
    return { push: (notification) => all$.next(notification), notifications$: all$.pipe(filter(() => true)) };
  },
};

/**
 * The number of different notifications in the flood. It is the same for every number of subscribers, so that all variants use
 * the same amount of memory.
 */
const distinct = 10_000;

/** Measures the nanoseconds per progress notification, which is delivered to one of many subscribers. */
export function progress({ source, subscribers, n }) {
  const hub = sources[source]();
  let received = 0;
  for (let index = 0; index < subscribers; index++) {
    hub.notifications$.pipe(progressOf(`token-${index}`)).subscribe(() => received++);
  }
  const notifications = Array.from({ length: distinct }, (_, index) => notificationAt(index, subscribers));
  return measure(
    n,
    1e6,
    (index) => hub.push(notifications[index % distinct]),
    (all) => [received, all],
  );
}

const progressAt = (progressToken, value) => ({
  method: 'notifications/progress',
  params: { progressToken, progress: value },
});

/**
 * Measures the microseconds to subscribe to a token, receive three notifications and unsubscribe, in the presence of `others`
 * subscribers.
 */
export function churn({ source, others, reuse, n }) {
  const hub = sources[source]();
  for (let index = 0; index < others; index++) {
    hub.notifications$.pipe(progressOf(`other-${index}`)).subscribe();
  }
  let received = 0;
  let tokens = 0;
  const cycle = () => {
    const token = reuse ? 'token' : `token-${tokens++}`;
    const subscription = hub.notifications$.pipe(progressOf(token)).subscribe(() => received++);
    for (let step = 1; step <= 3; step++) hub.push(progressAt(token, step));
    subscription.unsubscribe();
  };
  return measure(n, 1e3, cycle, (all) => [received, 3 * all]);
}

/** How a subscriber validates params: not at all, with a schema, or by parsing them itself. */
const checks = {
  none: (method) => ofMethod(method),
  schema: (method, schema) => ofMethod(method, schema),
  parse: (method, schema) => (source$) =>
    source$.pipe(
      ofMethod(method),
      map(({ params }) => ({ method, params: schema.parse(params) })),
    ),
};

const method = 'bench/job';
const jobSchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  state: z.enum(['queued', 'running', 'done']),
  step: z.object({ name: z.string().min(1), done: z.int(), total: z.int().optional() }),
  tags: z.array(z.string()),
});

const distinctJobs = 1_000;
const jobAt = (index) => ({
  method,
  params: {
    id: `0b5ad1c4-6a4e-4c7a-9d5f-${String(index).padStart(12, '0')}`,
    at: '2026-01-01T00:00:00.000Z',
    state: 'running',
    step: { name: 'indexing', done: index, total: distinctJobs },
    tags: ['nightly', 'search'],
  },
});

/** Measures the nanoseconds per notification, delivered to several subscribers that each validate it. */
export function checked({ check, subscribers, n }) {
  const hub = createHub();
  let received = 0;
  for (let index = 0; index < subscribers; index++) {
    hub.notifications$.pipe(checks[check](method, jobSchema)).subscribe(() => received++);
  }
  const jobs = Array.from({ length: distinctJobs }, (_, index) => jobAt(index));
  return measure(
    n,
    1e6,
    (index) => hub.push(jobs[index % distinctJobs]),
    (all) => [received, subscribers * all],
  );
}

/**
 * Measures the time per run of `work`, for `n` runs after a warm-up, in milliseconds times `scale`. Throws if a delivery is
 * missing.
 */
function measure(n, scale, work, received) {
  const run = (count) => {
    for (let index = 0; index < count; index++) work(index);
  };
  const warmUp = n / 5;
  globalThis.gc();
  run(warmUp);
  const startedAt = process.hrtime.bigint();
  run(n);
  const elapsed = Number(process.hrtime.bigint() - startedAt) / 1e6;
  const [actual, expected] = received(warmUp + n);
  if (actual !== expected) throw new Error(`delivering: ${actual} of ${expected} notifications arrived`);
  return { value: (elapsed * scale) / n };
}

const tickSchema = z.object({ index: z.number(), text: z.string() });

/** Measures the milliseconds from the first to the last of `n` notifications over HTTP, which the subscriber may validate. */
export function checkedOverHttp({ check, ...count }) {
  const counter = countdown(count);
  return receive(counter, {}, (notifications$) =>
    notifications$.pipe(checks[check]('bench/tick', tickSchema)).subscribe(counter.take),
  );
}

/**
 * Measures the milliseconds from the first to the last of `n` progress notifications over HTTP, distributed over the subscribers
 * in turn.
 */
export function progressOverHttp({ subscribers, ...count }) {
  const counter = countdown(count, (report) => report.progress);
  return receive(counter, { tokens: subscribers }, (notifications$) => {
    for (let index = 0; index < subscribers; index++) {
      notifications$.pipe(progressOf(`token-${index}`)).subscribe(counter.take);
    }
  });
}

async function receive({ finished, total }, flood, subscribe) {
  const server = await startServer();
  const session = new MCPSession(new HttpConnector(server.url));
  subscribe(session.notifications$);
  await session.connect();
  await server.streamsOpen(1);
  globalThis.gc();
  server.flood({ n: total, ...flood });
  const measured = await finished;
  await session.disconnect();
  await server.stop();
  return measured;
}
