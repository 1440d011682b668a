// Roots that follow a BehaviorSubject: npx tsx examples/roots.ts [url]
import { HttpConnector, MCPSession, ofMethod, type Root } from 'rx-mcp';
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const project: Root = { uri: 'file:///home/me/project', name: 'project' };
const data: Root = { uri: 'file:///home/me/data', name: 'data' };

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

// The current value is the initial one. Later emissions are announced to the server.
const workspace$ = new BehaviorSubject([project]);
workspace$.subscribe(session.roots$);
await session.connect();

// After each announcement, this server requests the roots and logs them.
const read$ = session.notifications$.pipe(ofMethod('custom/roots-read'));

for (const roots of [[project, data], [data]]) {
  const read = firstValueFrom(read$);
  workspace$.next(roots);
  console.log(`the server has ${JSON.stringify((await read).params?.['roots'])}`);
}

// An invalid root is rejected: errors$ emits an error, and the last valid value stays.
const refused = firstValueFrom(session.errors$);
workspace$.next([{ uri: 'https://example.com' }]);
const { name, message } = await refused;
console.log(`${name}: ${message}`);
console.log(`still ${JSON.stringify(session.roots$.value)}`);

await session.disconnect();
await server.stop();
