// A server whose tools, list and resource are streams: npx tsx examples/server.ts
import { createServer } from 'node:http';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { MCPServer, progress, resource, tool, toNodeHandler } from 'rx-mcp/server';
import { BehaviorSubject, concat, firstValueFrom, interval, map, of, skip, take } from 'rxjs';
import { z } from 'zod';

const build = tool('build', { input: z.object({ steps: z.number() }) }, ({ steps }) =>
  concat(
    interval(10).pipe(
      take(steps),
      map((step) => progress(step + 1, steps)),
    ),
    of('built'),
  ),
);
const tools$ = new BehaviorSubject([build]);
const clock = resource('live://clock', {}, interval(50).pipe(map((tick) => ({ tick }))));

const server = new MCPServer({ name: 'example', version: '1.0.0' }, { tools: tools$, resources: [clock] });
const http = createServer(toNodeHandler(server));
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const address = http.address();
const port = typeof address === 'object' ? address?.port : undefined;

const session = new MCPSession(new HttpConnector(`http://127.0.0.1:${String(port)}/mcp`));
await session.connect();
session.callTool$('build', { steps: 2 }).subscribe((event) => console.log(event.kind));
console.log('clock', (await firstValueFrom(session.resource$('live://clock').pipe(skip(2)))).length);

const changed = firstValueFrom(session.tools$.pipe(skip(1)));
tools$.next([build, tool('deploy', {}, () => 'deployed')]);
console.log('tools', (await changed).map(({ name }) => name).join(', '));

await session.disconnect();
await server.close();
http.close();
