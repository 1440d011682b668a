// Two versions of the protocol, and one program for both: npx tsx examples/eras.ts
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { concatMap, filter, lastValueFrom, map, of, take, tap } from 'rxjs';
import { startExampleServer } from '../demo/server/startExampleServer';

for (const program of ['demo/server/main.ts', 'demo/server-modern/main.ts']) {
  const server = await startExampleServer({ program });
  // Asks the server what it speaks; one of the older kind is connected to as without the engine.
  const session = new MCPSession(new HttpConnector(server.url, { engine: modern() }));
  await session.connect();
  console.log(`${session.serverInfo?.name} speaks ${session.protocolVersion}`);

  // The newer server is asked to tell of its tools for as long as this is subscribed to, the older one tells in any case.
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
