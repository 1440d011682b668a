// A server whose tools, list and resource are streams: npx tsx examples/server.ts
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { MCPServer, progress, resource, tool, toNodeHandler } from 'rx-mcp/server';
import { BehaviorSubject, concat, firstValueFrom, interval, map, of, skip, take } from 'rxjs';
import { z } from 'zod';

// A tool emits progress, then its result.
const build = tool('build', { input: z.object({ steps: z.number() }) }, ({ steps }) => {
  const steps$ = interval(10).pipe(take(steps));
  return concat(steps$.pipe(map((step) => progress(step + 1, steps))), of('built'));
});
const tools$ = new BehaviorSubject([build]);
const clock = resource('live://clock', {}, interval(50).pipe(map((tick) => ({ tick }))));

const server = new MCPServer({ name: 'example', version: '1.0.0' }, { tools: tools$, resources: [clock] });
const http = createServer(toNodeHandler(server)).listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo;

// A client of the server.
const session = new MCPSession(new HttpConnector(`http://127.0.0.1:${port}/mcp`));
await session.connect();
session.callTool$('build', { steps: 2 }).subscribe((event) => console.log(event.kind));
console.log('clock', (await firstValueFrom(session.resource$('live://clock').pipe(skip(2)))).length);

// Emitting a list announces the change to all clients.
const changed = firstValueFrom(session.tools$.pipe(skip(1)));
tools$.next([build, tool('deploy', {}, () => 'deployed')]);
console.log('tools', (await changed).map(({ name }) => name).join(', '));

await session.disconnect();
await server.close();
http.close();
