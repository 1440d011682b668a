import { firstValueFrom, lastValueFrom } from 'rxjs';
import { HttpConnector, listChanged, MCPSession, ofMethod, resourceUpdated, ServerError } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { type ModernHttpServer, serveModernHttp } from '../../../rig/modernServer/serveModernHttp';
import { recordingFetch, type RecordingFetch } from '../recordingFetch';
import { seen } from '../../../rig/firstMatch';

let server: ModernHttpServer;
let wire: RecordingFetch;
let session: MCPSession;
let errors: Error[];

beforeEach(async () => {
  server = await serveModernHttp();
  wire = recordingFetch();
  session = new MCPSession(
    new HttpConnector(server.url, { engine: modern({ negotiation: 'modern' }), fetch: wire.fetch }),
  );
  errors = [];
  session.errors$.subscribe((error) => errors.push(error));
});

afterEach(async () => {
  await session.disconnect();
  await server.close();
});

it('subscribes to nothing without subscribers', async () => {
  await session.connect();
  await session.listTools();
  await session.callTool('echo', { text: 'hello' });
  await session.disconnect();
  expect(wire.filters()).toEqual([]);
  expect(wire.sent.map(({ method }) => method)).toEqual(['server/discover', 'tools/list', 'tools/call']);
});

it('subscribes to one kind of list for a subscriber of that kind', async () => {
  await session.connect();
  const changed = firstValueFrom(session.notifications$.pipe(listChanged('prompts')));
  await seen(server.subscriptions$, (open) => open === 1);
  await session.callTool('toggle_tool', { name: 'other' });
  await session.callTool('toggle_prompt', { name: 'new' });
  await expect(changed).resolves.toMatchObject({ method: 'notifications/prompts/list_changed' });
  expect(wire.filters()).toEqual([{ promptsListChanged: true }]);
});

it('subscribes to all declared changes for a subscriber of everything', async () => {
  const heard = firstValueFrom(session.notifications$);
  await session.connect();
  await session.callTool('toggle_resource', { name: 'new' });
  await expect(heard).resolves.toMatchObject({ method: 'notifications/resources/list_changed' });
  expect(wire.filters()).toEqual([{ toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }]);
});

it('is subscribed when connect() resolves, for earlier subscribers', async () => {
  let heard = 0;
  session.notifications$.pipe(listChanged('tools')).subscribe(() => heard++);
  await session.connect();
  await session.callTool('toggle_tool', { name: 'new' });
  await session.callTool('echo', { text: 'a round trip' });
  expect(heard).toBe(1);
  expect(session.capabilities?.tools?.listChanged).toBe(true);
});

it('subscribes to watched URIs with one request per burst', async () => {
  await session.connect();
  for (const name of ['readme', 'counter', 'today']) {
    session.notifications$.pipe(resourceUpdated(`memo://${name}`)).subscribe();
  }
  session.notifications$.pipe(listChanged('tools')).subscribe();
  await seen(server.subscriptions$, (open) => open === 1);
  expect(wire.filters()).toEqual([
    { toolsListChanged: true, resourceSubscriptions: ['memo://counter', 'memo://readme', 'memo://today'] },
  ]);
});

it('subscribes to nothing for custom notifications', async () => {
  const ticks: unknown[] = [];
  session.notifications$.pipe(ofMethod('custom/tick')).subscribe(({ params }) => ticks.push(params?.['n']));
  await session.connect();
  await session.callTool('burst', { count: 5 });
  expect(ticks).toEqual([1, 2, 3, 4, 5]);
  expect(wire.filters()).toEqual([]);
});

it('opens the next subscription before it closes the previous one, and closes it with the last subscriber', async () => {
  const counts: number[] = [];
  server.subscriptions$.subscribe((open) => counts.push(open));
  const tools = session.notifications$.pipe(listChanged('tools')).subscribe();
  await session.connect();
  const prompts = session.notifications$.pipe(listChanged('prompts')).subscribe();
  await seen(server.subscriptions$, (open) => open === 2);
  await seen(server.subscriptions$, (open) => open === 1);
  prompts.unsubscribe();
  tools.unsubscribe();
  await seen(server.subscriptions$, (open) => open === 0);
  expect(counts).toEqual([0, 1, 2, 1, 0]);
});

it('fetches a list after subscribing to its changes', async () => {
  await session.connect();
  await firstValueFrom(session.tools$);
  const methods = wire.sent.map(({ method }) => method);
  expect(methods.indexOf('subscriptions/listen')).toBeLessThan(methods.indexOf('tools/list'));
  expect(methods.filter((method) => method === 'tools/list')).toHaveLength(1);
});

it('keeps a resource current by URI, until its last subscriber leaves', async () => {
  await session.connect();
  const texts: unknown[] = [];
  const watching = session.resource$('memo://readme').subscribe(([contents]) => {
    texts.push(contents && 'text' in contents ? contents.text : undefined);
  });
  await seen(server.subscriptions$, (open) => open === 1);
  const first = await firstValueFrom(session.resource$('memo://readme'));
  expect(first).toHaveLength(1);
  const updated = firstValueFrom(session.notifications$.pipe(resourceUpdated('memo://readme')));
  await session.callTool('touch_resource', { uri: 'memo://readme' });
  await updated;
  await seen(session.resource$('memo://readme'), ([contents]) => JSON.stringify(contents).includes('touched 1 times'));
  watching.unsubscribe();
  await seen(server.subscriptions$, (open) => open === 0);
  expect(texts).toEqual(['memo://readme, touched 0 times', 'memo://readme, touched 1 times']);
  expect(errors).toEqual([]);
});

it('reports in its status whether it is subscribed', async () => {
  await session.connect();
  const listening = seen(session.status$, (status) => status.state === 'connected' && status.listening);
  const tools = session.notifications$.pipe(listChanged('tools')).subscribe();
  await expect(listening).resolves.toMatchObject({ protocolEra: 'modern', protocolVersion: '2026-07-28' });
  tools.unsubscribe();
  await seen(session.status$, (status) => status.state === 'connected' && !status.listening);
  expect(errors.filter((error) => error instanceof ServerError)).toEqual([]);
});

it('does not subscribe with `listen: false`, and reads a watched resource once', async () => {
  const unlistening = new MCPSession(
    new HttpConnector(server.url, {
      engine: modern({ negotiation: 'modern' }),
      fetch: wire.fetch,
      listen: false,
    }),
  );
  const reported: Error[] = [];
  unlistening.errors$.subscribe((error) => reported.push(error));
  unlistening.notifications$.subscribe();
  await unlistening.connect();

  expect(await lastValueFrom(unlistening.resource$('memo://readme'))).toHaveLength(1);
  expect(await firstValueFrom(unlistening.status$)).toMatchObject({ state: 'connected', listening: false });
  expect(await firstValueFrom(unlistening.tools$)).not.toHaveLength(0);

  expect(wire.filters()).toEqual([]);
  expect(reported).not.toHaveLength(0);
  await unlistening.disconnect();
});
