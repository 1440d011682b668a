// Roots that follow a BehaviorSubject: npx tsx examples/roots.ts [url]
import { HttpConnector, MCPSession, ofMethod, type Root } from 'rx-mcp';
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const project: Root = { uri: 'file:///home/me/project', name: 'project' };
const data: Root = { uri: 'file:///home/me/data', name: 'data' };

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

// What it holds now is where the session begins; what it emits later is told to the server.
const workspace$ = new BehaviorSubject([project]);
workspace$.subscribe(session.roots$);
await session.connect();

// Whenever it hears of a change, this server asks for the roots and tells what it was given.
const read$ = session.notifications$.pipe(ofMethod('custom/roots-read'));

for (const roots of [[project, data], [data]]) {
  const read = firstValueFrom(read$);
  workspace$.next(roots);
  console.log(`the server has ${JSON.stringify((await read).params?.['roots'])}`);
}

// What is no root is refused: errors$ tells, and the last good value stays.
const refused = firstValueFrom(session.errors$);
workspace$.next([{ uri: 'https://example.com' }]);
const { name, message } = await refused;
console.log(`${name}: ${message}`);
console.log(`still ${JSON.stringify(session.roots$.value)}`);

await session.disconnect();
await server.stop();
