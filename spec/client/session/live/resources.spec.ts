import { type MCPSession, ServerError } from 'rx-mcp';
import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import type { FaultServer } from '../../../rig/startFaultServer';
import { useFaultSession } from '../../../rig/useFaultSession';
import { record, type Recording } from '../../../rig/record';

const uri = 'fault://a';

describe('live resources', () => {
  let server: FaultServer;
  let session: MCPSession;
  let errors: Recording<Error>;

  const text$ = (of = uri): Observable<unknown> =>
    session.resource$(of).pipe(map(([content]) => content && 'text' in content && content.text));
  const messages = async (): Promise<unknown> => {
    const { messages: counted } = await server.counts();
    return [counted['resources/subscribe'] ?? 0, counted['resources/read'] ?? 0, counted['resources/unsubscribe'] ?? 0];
  };

  useFaultSession((opened) => ({ server, session, errors } = opened), { resources: [uri, 'fault://b'] });

  it('are read immediately and after each update', async () => {
    const contents = record(session.resource$(uri));

    expect(await contents.nth(1)).toEqual([{ uri, text: uri }]);
    await server.setResource(uri, 'new');

    expect(await contents.nth(2)).toEqual([{ uri, text: 'new' }]);
    expect(Object.isFrozen(contents.values[0])).toBe(true);
    expect(await messages()).toEqual([1, 2, 0]);
    contents.stop();
  });

  it('share one subscription and one read', async () => {
    const watchers = Array.from({ length: 50 }, () => record(text$()));
    expect(await Promise.all(watchers.map((watcher) => watcher.nth(1)))).toEqual(Array(50).fill(uri));
    const late = record(text$());
    expect(late.values).toEqual([uri]);
    expect(await messages()).toEqual([1, 1, 0]);

    for (const watcher of watchers) watcher.stop();
    await session.ping();
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });

    late.stop();
    await server.waitFor({ type: 'unsubscribed', uri });
    expect(await messages()).toEqual([1, 1, 1]);
  });

  it('have one subscription per URI', async () => {
    const [a, b] = [record(text$()), record(text$('fault://b'))];
    await Promise.all([a.nth(1), b.nth(1)]);

    await server.setResource('fault://b', 'new');

    expect(await b.nth(2)).toBe('new');
    expect(a.values).toEqual([uri]);
    a.stop();
    await server.waitFor({ type: 'unsubscribed', uri });
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 0, 'fault://b': 1 });
    b.stop();
  });

  it('are read twice per burst of updates', async () => {
    const contents = record(text$());
    await contents.nth(1);
    await server.hold('resources/read');

    for (let n = 1; n <= 50; n++) await server.setResource(uri, `${n}`);
    await server.waitFor({ type: 'held', name: 'resources/read' });
    const sent = firstValueFrom(session.notifications$.pipe(filter(({ method }) => method === 'custom/last')));
    await server.notify('custom/last');
    await sent;
    await server.release('resources/read');

    expect(await contents.nth(3)).toBe('50');
    await session.ping();
    expect(await messages()).toEqual([1, 3, 0]);
    contents.stop();
  });

  it('are resubscribed and read once on a new connection', async () => {
    const contents = record(text$());
    await contents.nth(1);

    await server.restart();

    await contents.nth(2);
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    await server.setResource(uri, 'new');
    expect(await contents.nth(3)).toBe('new');
    expect(await messages()).toEqual([2, 3, 0]);
    contents.stop();
  });

  it('are read after a gap', async () => {
    const contents = record(text$());
    await contents.nth(1);

    await server.resetGet();

    await contents.nth(2);
    expect(await messages()).toEqual([1, 2, 0]);
    contents.stop();
  });

  it('are unsubscribed from when the subscriber unsubscribes during the subscribe request', async () => {
    await server.hold('resources/subscribe');
    const contents = record(text$());
    await server.waitFor({ type: 'held', name: 'resources/subscribe' });

    contents.stop();
    await server.release('resources/subscribe');

    await server.waitFor({ type: 'unsubscribed', uri });
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 0 });
    expect(await messages()).toEqual([1, 0, 1]);
  });

  it('receive updates after a resubscription during the unsubscribe request', async () => {
    const before = record(text$());
    await before.nth(1);
    await server.hold('resources/unsubscribe');
    before.stop();
    await server.waitFor({ type: 'held', name: 'resources/unsubscribe' });

    const contents = record(text$());
    await session.ping();
    await server.release('resources/unsubscribe');

    await contents.nth(1);
    await server.setResource(uri, 'new');
    expect(await contents.nth(2)).toBe('new');
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    contents.stop();
  });

  it('send nothing when one subscriber synchronously replaces another', async () => {
    const before = record(text$());
    await before.nth(1);

    before.stop();
    const after = record(text$());

    await after.nth(1);
    expect(await messages()).toEqual([1, 2, 0]);
    after.stop();
  });

  it("error with the server's error for a missing resource, and can be retried", async () => {
    const none = record(session.resource$('fault://none'));

    await expect(none.ended).rejects.toBeInstanceOf(ServerError);
    await expect(none.ended).rejects.toMatchObject({ code: -32002 });

    await server.waitFor({ type: 'unsubscribed', uri: 'fault://none' });
    await server.setResource('fault://none', 'now it is');
    expect(await firstValueFrom(text$('fault://none'))).toBe('now it is');
    expect(errors.values).toEqual([]);
  });

  it('keep their contents, report once and retry when a read fails', async () => {
    const contents = record(text$());
    await contents.nth(1);
    await server.answerPost(500, { times: 2, method: 'resources/read' });

    await server.setResource(uri, 'new');

    expect(await errors.nth(1)).toMatchObject({ name: 'ConnectionFailedError', status: 500 });
    expect(await contents.nth(2)).toBe('new');
    expect(errors.values).toHaveLength(1);
    contents.stop();
  });

  it('subscribe eventually when the server fails at first', async () => {
    await server.answerPost(503, { times: 2, method: 'resources/subscribe' });

    const contents = record(text$());
    await server.waitFor({ type: 'subscribed', uri });

    expect(await contents.nth(1)).toBe(uri);
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    expect(errors.values).toHaveLength(1);
    contents.stop();
  });

  it('are read on the next connection when a read was interrupted', async () => {
    await server.hold('resources/subscribe');
    const contents = record(text$());
    await server.waitFor({ type: 'held', name: 'resources/subscribe' });

    await server.restart();

    expect(await contents.nth(1)).toBe(uri);
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    contents.stop();
  });

  it('complete with the session, without a further request', async () => {
    const contents = record(text$());
    await contents.nth(1);

    const disconnected = session.disconnect();
    await contents.ended;
    await disconnected;

    // The subscription ended with the session, so no unsubscribe request is sent.
    expect((await server.counts()).requests).toEqual({ POST: 4, GET: 1, DELETE: 1 });
    expect(await messages()).toEqual([1, 1, 0]);
    expect(errors.values).toEqual([]);
  });
});
