import { runProgram } from '../../rig/runProgram';

/** Connects 200 sessions at the same time to a server in another process, and prints their gaps and heap. */
const program = `
import { setImmediate } from 'node:timers/promises';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import { startExampleServer } from './demo/server/startExampleServer.ts';

const heapInUse = async () => {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
};

const server = await startExampleServer();
const gaps = [];
const open = async () => {
  const session = new MCPSession(new HttpConnector(server.url));
  session.gaps$.subscribe((gap) => gaps.push(gap));
  await session.connect();
  await firstValueFrom(session.status$.pipe(filter((status) => status.listening)));
  return session;
};

// The first sessions load what all sessions share.
const first = await Promise.all(Array.from({ length: 10 }, open));
const before = await heapInUse();
const sessions = await Promise.all(Array.from({ length: 200 }, open));
const megabytes = ((await heapInUse()) - before) / sessions.length / 1e6;
console.log(JSON.stringify({ sessions: sessions.length, gaps: gaps.length, megabytes }));
await Promise.all([...first, ...sessions].map((session) => session.disconnect()));
await server.stop();
`;

describe('two hundred sessions that connect at the same time', () => {
  it('have no gap, and less than 0.1 MB of heap each', async () => {
    const flags = ['--expose-gc', '--import', 'tsx', '--input-type=module'];
    const { code, lines, stderr } = await runProgram(process.execPath, ...flags, '--eval', program).ended;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { sessions, gaps, megabytes } = JSON.parse(lines.at(-1)!) as Record<string, number>;
    expect({ sessions, gaps }).toEqual({ sessions: 200, gaps: 0 });
    expect(megabytes).toBeLessThan(0.1);
  });
});
