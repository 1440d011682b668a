import { type MCPSession, ServerError } from 'rx-mcp';
import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import { type FaultServer, startFaultServer } from '../../rig/startFaultServer';
import { openSession } from './openSession';
import { record, type Recording } from './record';

const uri = 'fault://a';

describe('a live resource', () => {
  let server: FaultServer;
  let session: MCPSession;
  let errors: Recording<Error>;

  const text$ = (of = uri): Observable<unknown> =>
    session.resource$(of).pipe(map(([content]) => content && 'text' in content && content.text));
  const messages = async (): Promise<unknown> => {
    const { messages: counted } = await server.counts();
    return [counted['resources/subscribe'] ?? 0, counted['resources/read'] ?? 0, counted['resources/unsubscribe'] ?? 0];
  };

  beforeEach(async () => {
    server = await startFaultServer({ resources: [uri, 'fault://b'] });
    session = openSession(server.url);
    errors = record(session.errors$);
    await session.connect();
  });
  afterEach(async () => {
    await session.disconnect();
    await server.stop();
  });

  it('is read at once, and after each update', async () => {
    const contents = record(session.resource$(uri));

    expect(await contents.nth(1)).toEqual([{ uri, text: uri }]);
    await server.setResource(uri, 'new');

    expect(await contents.nth(2)).toEqual([{ uri, text: 'new' }]);
    expect(Object.isFrozen(contents.values[0])).toBe(true);
    expect(await messages()).toEqual([1, 2, 0]);
    contents.stop();
  });

  it('is subscribed to once, and read once, for any number of watchers', async () => {
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

  it('is a subscription of its own for each URI', async () => {
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

  it('is read twice more for a burst of updates', async () => {
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

  it('is subscribed to again on a new connection, and read once', async () => {
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

  it('is read again after a gap', async () => {
    const contents = record(text$());
    await contents.nth(1);

    await server.resetGet();

    await contents.nth(2);
    expect(await messages()).toEqual([1, 2, 0]);
    contents.stop();
  });

  it('is unsubscribed from when its watcher leaves while the request to subscribe is on its way', async () => {
    await server.hold('resources/subscribe');
    const contents = record(text$());
    await server.waitFor({ type: 'held', name: 'resources/subscribe' });

    contents.stop();
    await server.release('resources/subscribe');

    await server.waitFor({ type: 'unsubscribed', uri });
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 0 });
    expect(await messages()).toEqual([1, 0, 1]);
  });

  it('is not deaf for who comes back while the request to unsubscribe is on its way', async () => {
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

  it('costs the server nothing when a watcher takes the place of another in one go', async () => {
    const before = record(text$());
    await before.nth(1);

    before.stop();
    const after = record(text$());

    await after.nth(1);
    expect(await messages()).toEqual([1, 2, 0]);
    after.stop();
  });

  it('errors with what the server says of a resource that is not there, and can be tried again', async () => {
    const none = record(session.resource$('fault://none'));

    await expect(none.ended).rejects.toBeInstanceOf(ServerError);
    await expect(none.ended).rejects.toMatchObject({ code: -32002 });

    await server.waitFor({ type: 'unsubscribed', uri: 'fault://none' });
    await server.setResource('fault://none', 'now it is');
    expect(await firstValueFrom(text$('fault://none'))).toBe('now it is');
    expect(errors.values).toEqual([]);
  });

  it('stays as it was when it can not be read any more, says so once, and is read again', async () => {
    const contents = record(text$());
    await contents.nth(1);
    await server.answerPost(500, { times: 2, method: 'resources/read' });

    await server.setResource(uri, 'new');

    expect(await errors.nth(1)).toMatchObject({ name: 'ConnectionFailedError', status: 500 });
    expect(await contents.nth(2)).toBe('new');
    expect(errors.values).toHaveLength(1);
    contents.stop();
  });

  it('is subscribed to in the end, when the server could not at first', async () => {
    await server.answerPost(503, { times: 2, method: 'resources/subscribe' });

    const contents = record(text$());

    expect(await contents.nth(1)).toBe(uri);
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    expect(errors.values).toHaveLength(1);
    contents.stop();
  });

  it('is asked for on the connection after, when it was lost in the middle of it', async () => {
    await server.hold('resources/subscribe');
    const contents = record(text$());
    await server.waitFor({ type: 'held', name: 'resources/subscribe' });

    await server.restart();

    expect(await contents.nth(1)).toBe(uri);
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    contents.stop();
  });

  it('completes at once with the session, and not a request more is made', async () => {
    const contents = record(text$());
    await contents.nth(1);

    const disconnected = session.disconnect();
    await contents.ended;
    await disconnected;

    // The session is gone, and with it the subscription; no need to ask.
    expect((await server.counts()).requests).toEqual({ POST: 4, GET: 1, DELETE: 1 });
    expect(await messages()).toEqual([1, 1, 0]);
    expect(errors.values).toEqual([]);
  });
});
