import { HttpConnector, MCPSession, progressOf } from 'rx-mcp';
import { z } from 'zod';
import { checks } from '../harness/checks.mjs';
import { countdown } from '../harness/countdown.mjs';
import { startServer } from '../harness/startServer.mjs';

const schema = z.object({ index: z.number(), text: z.string() });

/** Measures the milliseconds from the first to the last of `n` notifications over HTTP, which the subscriber may validate. */
export function checked({ check, ...count }) {
  const counter = countdown(count);
  return receive(counter, {}, (notifications$) =>
    notifications$.pipe(checks[check]('bench/tick', schema)).subscribe(counter.take),
  );
}

/**
 * Measures the milliseconds from the first to the last of `n` progress notifications over HTTP, distributed over the subscribers
 * in turn.
 */
export function progress({ subscribers, ...count }) {
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
