// Connects 200 sessions and measures their heap, then 200 at once. The server runs in another process.
import { setImmediate } from 'node:timers/promises';
import { type Gap, HttpConnector, MCPSession } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import { startExampleServer } from '../../../demo/server/startExampleServer';

/** Returns the bytes of heap in use after full collections. */
async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc!();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}

const server = await startExampleServer({ program: 'spec/rig/legacyServer/main.ts' });
const gaps: Gap[] = [];

async function open(): Promise<MCPSession> {
  const session = new MCPSession(new HttpConnector(server.url));
  session.gaps$.subscribe((gap) => gaps.push(gap));
  await session.connect();
  await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
  return session;
}

const openMany = (count: number): Promise<MCPSession[]> => Promise.all(Array.from({ length: count }, open));

// The first sessions load what all sessions share. Ten at a time, because the HTTP client of Node keeps a socket, with its
// buffers, for each request that was open at the same time.
const sessions = await openMany(10);
const before = await heapInUse();
for (let group = 0; group < 20; group++) sessions.push(...(await openMany(10)));
const megabytes = ((await heapInUse()) - before) / 200 / 1e6;
sessions.push(...(await openMany(200)));
console.log(JSON.stringify({ sessions: sessions.length, gaps: gaps.length, megabytes }));
await Promise.all(sessions.map((session) => session.disconnect()));
await server.stop();
