// A program that goes through faults, disconnects, and prints what keeps it running.
import { setImmediate } from 'node:timers/promises';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import { startFaultServer } from '../../rig/startFaultServer';
import { startTcpProxy } from '../../rig/startTcpProxy';
import { quick } from '../../rig/quick';

const before = process.getActiveResourcesInfo();
const server = await startFaultServer({ eventStore: 'correct', keepAlive: 20 });
const proxy = await startTcpProxy(server);
const atRest = process.getActiveResourcesInfo();
const sessions = Array.from(
  { length: 5 },
  () => new MCPSession(new HttpConnector(proxy.url(), { reconnect: quick, keepAlive: 10_000, watchdog: 20_000 })),
);
const listening = (session: MCPSession): Promise<unknown> =>
  firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
const notListening = (session: MCPSession): Promise<unknown> =>
  firstValueFrom(session.status$.pipe(filter((status) => status.state !== 'connected' || !status.listening)));
const reconnecting = (session: MCPSession): Promise<unknown> =>
  firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'reconnecting')));

await Promise.all(sessions.map((session) => session.connect()));
await Promise.all(sessions.map(listening));
await Promise.all(sessions.map((session) => session.callTool('work', { steps: 3 })));

for (const fault of [() => server.resetGet(), () => server.endGet(), () => proxy.reset()]) {
  const noticed = Promise.all(sessions.map(notListening));
  await fault();
  await noticed;
  await Promise.all(sessions.map(listening));
}
await server.forgetSessions();
await Promise.all(sessions.map((session) => session.ping()));
await Promise.all(sessions.map(listening));

// The last session is disconnected while retries and calls are pending.
const [last, ...others] = sessions;
await Promise.all(others.map((session) => session.disconnect()));
const call = last!.callTool('gate').catch((error: unknown) => (error instanceof Error ? error.name : error));
await server.waitFor({ type: 'tool-started', name: 'gate' });
await proxy.refuse('reset');
proxy.reset();
await reconnecting(last!);
await last!.disconnect();
const failed = await call;

await firstValueFrom(proxy.connections$.pipe(filter((open) => open === 0)));
const timers = (resources: string[]): number => resources.filter((name) => name === 'Timeout').length;
const left = { timers: timers(process.getActiveResourcesInfo()) - timers(atRest) };
await proxy.close();
await server.stop();
// The server's process has exited, but its handles take a few turns of the event loop to close.
for (let turn = 0; turn < 10; turn++) await setImmediate();
const after = process.getActiveResourcesInfo();
process.stdout.write(JSON.stringify({ failed, left, before, after }));
// The program must exit on its own, so there is no process.exit().
