import { BehaviorSubject, defer, finalize, of, Subject, throwError } from 'rxjs';
import { MCPServer, resource } from 'rx-mcp/server';
import { serve, until, type Served } from './rig/serve';

describe('a live resource', () => {
  let served: Served | undefined;
  afterEach(async () => served?.close());

  it('has one subscription for all clients, and sends a coalesced update per change', async () => {
    const load$ = new BehaviorSubject(1);
    let open = 0;
    const source$ = defer(() => {
      open++;
      return load$.pipe(finalize(() => open--));
    }) as never;
    served = await serve(
      new MCPServer(
        { name: 'spec', version: '1' },
        { resources: [resource('live://load', {}, source$)], coalesce: 10 },
      ),
    );
    const one = await served.connect();
    const two = await served.connect();
    expect((await one.client.readResource({ uri: 'live://load' })).contents).toMatchObject([{ text: '1' }]);
    expect(open).toBe(0);
    await one.client.subscribeResource({ uri: 'live://load' });
    await two.client.subscribeResource({ uri: 'live://load' });
    expect(open).toBe(1);
    for (let n = 2; n < 50; n++) load$.next(n);
    load$.next(49);
    await until(() => one.notifications.length > 0 && two.notifications.length > 0, 'updates');
    expect((await two.client.readResource({ uri: 'live://load' })).contents).toMatchObject([{ text: '49' }]);
    await one.client.unsubscribeResource({ uri: 'live://load' });
    load$.next(50);
    await until(() => two.notifications.length > 1, 'another update');
    expect(one.notifications).toMatchObject([
      { method: 'notifications/resources/updated', params: { uri: 'live://load' } },
    ]);
    await two.client.unsubscribeResource({ uri: 'live://load' });
    expect(open).toBe(0);
  });

  it('is read as its latest value, waits for the first one, and keeps the last one after completion', async () => {
    const value$ = new Subject<string>();
    let subscriptions = 0;
    const source$ = defer(() => (subscriptions++, value$));
    served = await serve(new MCPServer({ name: 'spec', version: '1' }, { resources: [resource('a:b', {}, source$)] }));
    const { client } = await served.connect();
    const read = async () => (await client.readResource({ uri: 'a:b' })).contents;
    const first = read();
    await until(() => value$.observed, 'the read');
    value$.next('first');
    expect(await first).toMatchObject([{ text: 'first' }]);
    await client.subscribeResource({ uri: 'a:b' });
    value$.next('second');
    expect(await read()).toMatchObject([{ text: 'second' }]);
    value$.complete();
    await client.unsubscribeResource({ uri: 'a:b' });
    expect(await read()).toMatchObject([{ text: 'second' }]);
    expect(subscriptions).toBe(2);
  });

  it('sends an update when the resource of a subscribed URI is added to the list, replaced or removed', async () => {
    const value$ = new BehaviorSubject('a');
    const listed = (...contents: string[]) => contents.map((text) => resource('live://x', {}, () => of(text)));
    const live = resource('live://x', {}, value$);
    const resources$ = new BehaviorSubject(listed());
    served = await serve(new MCPServer({ name: 'spec', version: '1' }, { resources: resources$, coalesce: 0 }));
    const { client, notifications } = await served.connect();
    const updates = () => notifications.filter(({ method }) => method === 'notifications/resources/updated').length;
    await client.subscribeResource({ uri: 'live://x' });
    resources$.next([live]);
    await until(() => updates() === 1, 'the update of a resource that appeared');
    value$.next('b');
    await until(() => updates() === 2, 'the update of its source');
    resources$.next(listed('b'));
    expect(value$.observed).toBe(false);
    resources$.next(listed('c'));
    await until(() => updates() === 3, 'the update of another source');
    resources$.next(listed());
    await until(() => updates() === 4, 'the update of a resource that is gone');
    await expect(client.readResource({ uri: 'live://x' })).rejects.toMatchObject({ code: -32002 });
    expect(updates()).toBe(4);
  });

  it('fails a read when its source fails, reports the error, and restarts the source', async () => {
    let attempts = 0;
    const source$ = defer(() => (++attempts === 1 ? throwError(() => new Error('cold')) : of('warm')));
    const server = new MCPServer({ name: 'spec', version: '1' }, { resources: [resource('live://x', {}, source$)] });
    const errors: Error[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    served = await serve(server);
    const { client } = await served.connect();
    await expect(client.readResource({ uri: 'live://x' })).rejects.toMatchObject({ code: -32603 });
    expect(errors).toMatchObject([{ name: 'HandlerError' }]);
    expect((await client.readResource({ uri: 'live://x' })).contents).toMatchObject([{ text: 'warm' }]);
  });

  it('sends updates that no stream reports to the subscribed clients', async () => {
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        resources: [resource('file:///a', {}, () => 'a'), resource('file:///b', {}, () => new Subject<string>())],
        coalesce: 10,
      },
    );
    served = await serve(server);
    const one = await served.connect();
    const two = await served.connect();
    await one.client.subscribeResource({ uri: 'file:///a' });
    server.resourceUpdated('file:///a');
    server.resourceUpdated('file:///a');
    await server.notify('custom/end');
    await until(() => one.notifications.length === 2, 'two notifications');
    await until(() => two.notifications.length === 1, 'one notification');
    expect(one.notifications.filter(({ method }) => method === 'notifications/resources/updated')).toHaveLength(1);
  });
});
