// Roots that follow a BehaviorSubject: npx tsx examples/roots.ts [url]
import { HttpConnector, MCPSession, ofMethod, type Root } from 'rx-mcp';
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const project: Root = { uri: 'file:///home/me/project', name: 'project' };
const data: Root = { uri: 'file:///home/me/data', name: 'data' };

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));

// The current value is the initial list. Each later emission is announced to the server.
const workspace$ = new BehaviorSubject([project]);
workspace$.subscribe(session.roots$);
await session.connect();

// After each announcement, this server requests the roots and sends them back as a notification.
const rootsRead$ = session.notifications$.pipe(ofMethod('custom/roots-read'));

for (const roots of [[project, data], [data]]) {
  const rootsRead = firstValueFrom(rootsRead$);
  workspace$.next(roots);
  console.log(`the server has ${JSON.stringify((await rootsRead).params?.['roots'])}`);
}

// For an invalid root, errors$ emits an error, and the last valid roots stay in effect.
const rejected = firstValueFrom(session.errors$);
workspace$.next([{ uri: 'https://example.com' }]);
const { name, message } = await rejected;
console.log(`${name}: ${message}`);
console.log(`still ${JSON.stringify(session.roots$.value)}`);

await session.disconnect();
await server.stop();
