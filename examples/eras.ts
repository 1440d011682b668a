// One program for servers of both protocol eras: npx tsx examples/eras.ts
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { filter, firstValueFrom, map } from 'rxjs';
import { startExampleServer } from '../demo/server/startExampleServer';

for (const era of ['legacy', 'modern']) {
  const server = await startExampleServer({ args: ['--era', era] });
  // Negotiates the protocol version, and uses the legacy protocol with a legacy server.
  const session = new MCPSession(new HttpConnector(server.url, { engine: modern() }));
  await session.connect();
  console.log(`${session.serverInfo?.name} uses ${session.protocolVersion}`);

  // A modern server sends changes only while the client subscribes to them. The session does so while `tools$` has a subscriber.
  const hasWeather$ = session.tools$.pipe(map((tools) => tools.some(({ name }) => name === 'weather')));
  const watching = hasWeather$.subscribe((found) => console.log(found ? 'with weather' : 'without weather'));
  await firstValueFrom(hasWeather$);
  await session.callTool('toggle_tool', { name: 'weather' }); // adds the tool
  await firstValueFrom(hasWeather$.pipe(filter((found) => found)));
  watching.unsubscribe();

  await session.callTool$('long_task', { steps: 2, name: 'build' }).forEach((event) => {
    if (event.kind === 'progress') console.log(event.message);
  });

  await session.disconnect();
  await server.stop();
}
