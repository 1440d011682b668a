import { HttpConnector, MCPSession, progressOf } from 'rx-mcp';
import { countdown } from '../harness/countdown.mjs';
import { startServer } from '../harness/startServer.mjs';

/** Milliseconds from the first to the last of `n` progress notifications over HTTP, which go round the subscribers. */
export async function receiveProgress({ subscribers, ...count }) {
  const server = await startServer();
  const session = new MCPSession(new HttpConnector(server.url));
  const { take, finished, total } = countdown(count, ({ progress }) => progress);
  for (let index = 0; index < subscribers; index++) {
    session.notifications$.pipe(progressOf(`token-${index}`)).subscribe(take);
  }
  await session.connect();
  await server.streamsOpen(1);
  globalThis.gc();
  server.flood({ n: total, tokens: subscribers });
  const measured = await finished;
  await session.disconnect();
  await server.stop();
  return measured;
}
