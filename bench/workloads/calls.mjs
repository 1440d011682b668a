import { fileURLToPath } from 'node:url';
import { lastValueFrom, merge, scan } from 'rxjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/clients.mjs';

const server = fileURLToPath(new URL('../servers/stdioServer.mjs', import.meta.url));

/** The number of events of a call: three progress notifications and the result. */
const eventsPerCall = 4;

/**
 * Measures the microseconds per call, for `n` calls on one session, `concurrency` of them pending at a time. Each call has
 * progress.
 */
export async function atOnce({ atOnce: concurrency, n }) {
  const [{ MCPSession }, { StdioConnector }] = [await import('rx-mcp'), await import('rx-mcp/stdio')];
  const session = new MCPSession(new StdioConnector({ command: process.execPath, args: [server] }));
  await session.connect();

  async function call(count) {
    for (let done = 0; done < count; done += concurrency) {
      const calls = Array.from({ length: concurrency }, () => session.callTool$('work'));
      const events = await lastValueFrom(merge(...calls).pipe(scan((seen) => seen + 1, 0)));
      if (events !== concurrency * eventsPerCall) throw new Error(`calling: ${events} events of ${concurrency} calls`);
    }
  }

  await call(n);
  const startedUsing = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  await call(n);
  const value = Number(process.hrtime.bigint() - startedAt) / 1e3 / n;
  const { user, system } = process.cpuUsage(startedUsing);
  await session.disconnect();
  return { value, cpu: (user + system) / 1000 };
}

/** Counts the progress notifications that arrive before their call settles, for `n` calls with three each. */
export async function sharedWrite({ peer, n }) {
  const { stdio } = await loadPeer(peer);
  const link = await stdio(process.execPath, [server], {});
  let value = 0;
  for (let index = 0; index < n; index++) {
    let isSettled = false;
    await link.call('work', () => {
      if (!isSettled) value++;
    });
    isSettled = true;
  }
  await link.close();
  return { value };
}

/** Measures the milliseconds for `n` calls over HTTP that are unsubscribed in the same tick, and for a request after them. */
export async function abandon({ n }) {
  const { HttpConnector, MCPSession } = await import('rx-mcp');
  const server = await startServer();
  const session = new MCPSession(new HttpConnector(server.url));
  await session.connect();
  const sent = [];
  session.wire$.subscribe(({ dir, message }) => dir === 'out' && sent.push(message.method));
  const startedAt = process.hrtime.bigint();
  for (let index = 0; index < n; index++) session.callTool$('work').subscribe().unsubscribe();
  await session.ping();
  const value = Number(process.hrtime.bigint() - startedAt) / 1e6;
  if (String(sent) !== 'ping') throw new Error(`abandoned calls: ${sent.length} messages were sent`);
  await session.disconnect();
  await server.stop();
  return { value };
}
