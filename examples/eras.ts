// One program for servers of two protocol eras: npx tsx examples/eras.ts
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { concatMap, filter, lastValueFrom, map, of, take, tap } from 'rxjs';
import { startExampleServer } from '../demo/server/startExampleServer';

for (const era of ['legacy', 'modern']) {
  const server = await startExampleServer({ args: ['--era', era] });
  // Negotiates the protocol version. For a legacy server, the engine uses the legacy protocol.
  const session = new MCPSession(new HttpConnector(server.url, { engine: modern() }));
  await session.connect();
  console.log(`${session.serverInfo?.name} uses ${session.protocolVersion}`);

  // On a server of the modern era, subscribes to changes until unsubscribed. A legacy server sends changes in any case.
  const lists$ = session.tools$.pipe(
    map((tools) => tools.some(({ name }) => name === 'weather')),
    tap((has) => console.log(has ? 'with weather' : 'without weather')),
    concatMap((has) => (has ? of(has) : session.callTool('toggle_tool', { name: 'weather' }))),
    take(2),
  );
  await lastValueFrom(lists$);

  const progress$ = session.callTool$('long_task', { steps: 2, name: 'build' }).pipe(
    filter((event) => event.kind === 'progress'),
    tap(({ message }) => console.log(message)),
  );
  await lastValueFrom(progress$);

  await session.disconnect();
  await server.stop();
}
