import { HttpConnector, MCPSession } from 'rx-mcp';
import { z } from 'zod';
import { checks } from '../harness/checks.mjs';
import { countdown } from '../harness/countdown.mjs';
import { startServer } from '../harness/startServer.mjs';

const schema = z.object({ index: z.number(), text: z.string() });

/** Milliseconds from the first to the last of `n` notifications over HTTP, checked or not by the one who hears them. */
export async function receiveChecked({ check, ...count }) {
  const server = await startServer();
  const session = new MCPSession(new HttpConnector(server.url));
  const { take, finished, total } = countdown(count);
  session.notifications$.pipe(checks[check]('bench/tick', schema)).subscribe(take);
  await session.connect();
  await server.streamsOpen(1);
  globalThis.gc();
  server.flood({ n: total });
  const measured = await finished;
  await session.disconnect();
  await server.stop();
  return measured;
}
