import { firstValueFrom, lastValueFrom } from 'rxjs';
import { HttpConnector, listChanged, MCPSession, ofMethod, resourceUpdated, ServerError } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import type { ModernHttpServer } from '../../../rig/modernServer/serveModernHttp';
import type { RecordingFetch } from '../recordingFetch';
import { firstMatch } from '../../../rig/firstMatch';
import { useModernSession } from '../useModernSession';

let server: ModernHttpServer;
let wire: RecordingFetch;
let session: MCPSession;
let errors: Error[];

useModernSession((opened) => ({ server, wire, session, errors } = opened), { negotiation: 'modern' });

describe('a session of protocol 2026-07-28', () => {
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
    await firstMatch(server.subscriptions$, (open) => open === 1);
    await session.callTool('toggle_tool', { name: 'other' });
    await session.callTool('toggle_prompt', { name: 'new' });
    await expect(changed).resolves.toMatchObject({ method: 'notifications/prompts/list_changed' });
    expect(wire.filters()).toEqual([{ promptsListChanged: true }]);
  });

  it('subscribes to all declared changes for a subscriber of everything', async () => {
    const received = firstValueFrom(session.notifications$);
    await session.connect();
    await session.callTool('toggle_resource', { name: 'new' });
    await expect(received).resolves.toMatchObject({ method: 'notifications/resources/list_changed' });
    expect(wire.filters()).toEqual([{ toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }]);
  });

  it('is subscribed when connect() resolves, for earlier subscribers', async () => {
    let received = 0;
    session.notifications$.pipe(listChanged('tools')).subscribe(() => received++);
    await session.connect();
    await session.callTool('toggle_tool', { name: 'new' });
    await session.callTool('echo', { text: 'a round trip' });
    expect(received).toBe(1);
    expect(session.capabilities?.tools?.listChanged).toBe(true);
  });

  it('subscribes to watched URIs with one request per burst', async () => {
    await session.connect();
    for (const name of ['readme', 'counter', 'today']) {
      session.notifications$.pipe(resourceUpdated(`memo://${name}`)).subscribe();
    }
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await firstMatch(server.subscriptions$, (open) => open === 1);
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
    await firstMatch(server.subscriptions$, (open) => open === 2);
    await firstMatch(server.subscriptions$, (open) => open === 1);
    prompts.unsubscribe();
    tools.unsubscribe();
    await firstMatch(server.subscriptions$, (open) => open === 0);
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
    await firstMatch(server.subscriptions$, (open) => open === 1);
    const first = await firstValueFrom(session.resource$('memo://readme'));
    expect(first).toHaveLength(1);
    const updated = firstValueFrom(session.notifications$.pipe(resourceUpdated('memo://readme')));
    await session.callTool('touch_resource', { uri: 'memo://readme' });
    await updated;
    await firstMatch(session.resource$('memo://readme'), ([contents]) =>
      JSON.stringify(contents).includes('touched 1 times'),
    );
    watching.unsubscribe();
    await firstMatch(server.subscriptions$, (open) => open === 0);
    expect(texts).toEqual(['memo://readme, touched 0 times', 'memo://readme, touched 1 times']);
    expect(errors).toEqual([]);
  });

  it('reports in its status whether it is subscribed', async () => {
    await session.connect();
    const listening = firstMatch(session.status$, (status) => status.state === 'connected' && status.listening);
    const tools = session.notifications$.pipe(listChanged('tools')).subscribe();
    await expect(listening).resolves.toMatchObject({ protocolEra: 'modern', protocolVersion: '2026-07-28' });
    tools.unsubscribe();
    await firstMatch(session.status$, (status) => status.state === 'connected' && !status.listening);
    expect(errors.filter((error) => error instanceof ServerError)).toEqual([]);
  });

  it('does not subscribe with `listen: false`, and reads a watched resource once', async () => {
    const withoutListen = new MCPSession(
      new HttpConnector(server.url, {
        engine: modern({ negotiation: 'modern' }),
        fetch: wire.fetch,
        listen: false,
      }),
    );
    const reported: Error[] = [];
    withoutListen.errors$.subscribe((error) => reported.push(error));
    withoutListen.notifications$.subscribe();
    await withoutListen.connect();

    expect(await lastValueFrom(withoutListen.resource$('memo://readme'))).toHaveLength(1);
    expect(await firstValueFrom(withoutListen.status$)).toMatchObject({ state: 'connected', listening: false });
    expect(await firstValueFrom(withoutListen.tools$)).not.toHaveLength(0);

    expect(wire.filters()).toEqual([]);
    expect(reported).not.toHaveLength(0);
    await withoutListen.disconnect();
  });
});
