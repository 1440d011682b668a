import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { map } from 'rxjs';
import type { MCPSession } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { type Answer, empty, type IncomingRequest, json, plain } from './responses';
import { startWorldServer, uri } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);
const rootsChanged = 'notifications/roots/list_changed';

/** Connects a session with a log level and a watched resource, and replaces the server by one that ignores a method. */
async function replaced(ignored: string, times = Infinity) {
  const { scheduler, advance } = virtualTime();
  const server = await stage.server();
  const watched = await stage.connected(server, { reconnect: { jitter: 'none' } }, { scheduler });
  const { session } = watched;
  await session.setLoggingLevel('warning');
  const texts: string[] = [];
  session
    .resource$(uri)
    .pipe(map(([contents]) => String(Reflect.get(contents!, 'text'))))
    .subscribe((text) => texts.push(text));
  await server.until(() => server.isSubscribed());
  const waiting: IncomingRequest[] = [];
  server.answer((incoming) => incoming.kind === ignored && waiting.length < times && waiting.push(incoming) > 0);

  /** Advances the time by seconds, until the condition holds. */
  async function until(holds: () => boolean): Promise<void> {
    for (let second = 0; second < 60 && !holds(); second++) {
      await advance(1_000);
      await (await fetch(server.url, { method: 'PUT' })).text();
    }
    expect(holds()).toBe(true);
  }

  server.forget();
  server.cut();
  await until(() => waiting.length > 0);
  return { ...watched, server, texts, until, waiting };
}

describe('a request that restores the state of a session and is not answered', () => {
  it('is repeated, and reported once: logging/setLevel', async () => {
    const { server, errors, until } = await replaced('logging/setLevel', 2);
    await until(() => server.levels().includes('warning'));

    expect(server.requestCounts['logging/setLevel']).toBe(4);
    expect(errors.filter(({ name }) => name === 'RequestTimeoutError')).toHaveLength(1);
  });

  it('is not repeated after the session has ended: logging/setLevel', async () => {
    const { server, session, until, waiting } = await replaced('logging/setLevel');
    await until(() => waiting.length === 2);
    await session.disconnect();
    const sentLevels = server.requestCounts['logging/setLevel'];
    await until(() => true);

    expect(server.requestCounts['logging/setLevel']).toBe(sentLevels);
  });

  it('does not delay a watched resource: resources/subscribe', async () => {
    const { server, texts, until, waiting } = await replaced('resources/subscribe');
    server.update('second');
    await until(() => texts.includes('second'));

    expect(waiting.length).toBeLessThanOrEqual(2);
  });

  it('is repeated for a watched resource, which is read again: resources/subscribe', async () => {
    const { server, texts, until } = await replaced('resources/subscribe', 2);
    await until(() => server.isSubscribed());
    server.update('third');
    await until(() => texts.includes('third'));

    expect(server.requestCounts['initialize']).toBe(2);
  });
});

describe('a watched resource', () => {
  it('is read although the server does not answer its first subscription', async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server();
    server.answer(({ kind }) => kind === 'resources/subscribe');
    const { session } = await stage.connected(server, {}, { scheduler });
    const texts: unknown[] = [];
    session.resource$(uri).subscribe(([contents]) => texts.push(Reflect.get(contents!, 'text')));
    await server.until(() => server.requestCounts['resources/subscribe'] === 1);
    expect(server.requestCounts['resources/read']).toBeUndefined();

    await advance(1_000);
    await server.until(() => server.requestCounts['resources/read'] === 1);
    server.answer((incoming) => incoming.kind === 'PUT' && json(incoming, 200, {}));
  });
});

/** The responses of a proxy during a deploy. */
const refusals: [string, Answer][] = [
  ...[400, 403, 404, 405, 415, 429, 501, 503].map((status): [string, Answer] => [
    `HTTP ${status}`,
    (incoming) => plain(incoming, status),
  ]),
  ['a reset', ({ to }) => Boolean(to.destroy())],
  ['an empty 200', (incoming) => empty(incoming, 200)],
];

/** Connects a session, and rejects the next requests of a kind after the server has forgotten the session. */
async function rejectedAfterLoss(
  rejectedKind: string,
  refuse: Answer,
  prepare: (session: MCPSession) => Promise<unknown>,
) {
  const server = await stage.server();
  const watched = await stage.connected(server, { reconnect: { initialDelay: 10, jitter: 'none' } });
  await prepare(watched.session);
  let rejected = 0;
  server.forget();
  server.answer((incoming) => incoming.kind === rejectedKind && ++rejected <= 2 && refuse(incoming));
  server.cut();
  return { ...watched, server };
}

describe.each(refusals)('after a new connection, a request that is rejected with %s', (_, refuse) => {
  it('sets the log level again', async () => {
    const { server } = await rejectedAfterLoss('logging/setLevel', refuse, (session) =>
      session.setLoggingLevel('warning'),
    );

    await server.until(() => server.levels().includes('warning') && server.requestCounts['initialize'] === 2);
  });

  it('subscribes again to the resources of a client behind a transport', async () => {
    const { server } = await rejectedAfterLoss('resources/subscribe', refuse, async (session) => {
      const client = new Client({ name: 'guest', version: '1.0.0' });
      await client.connect(session.transport());
      await client.subscribeResource({ uri });
    });

    await server.until(() => server.isSubscribed() && server.requestCounts['initialize'] === 2);
  });
});

// An empty 200 accepts a notification.
describe.each(refusals.slice(0, -1))('roots whose announcement is rejected with %s', (_, refuse) => {
  it('are announced again', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server, { reconnect: { initialDelay: 10, jitter: 'none' } });
    let rejected = 0;
    server.answer((incoming) => incoming.kind === rootsChanged && ++rejected <= 2 && refuse(incoming));

    await session.setRoots([{ uri: 'file:///a' }]);

    expect(rejected).toBeGreaterThan(2);
  });
});

it('announces roots on the next connection if the session is lost while the announcement is sent', async () => {
  const server = await stage.server();
  const { session } = await stage.connected(server, { reconnect: { initialDelay: 10 } });
  let held = false;
  server.answer(({ kind }) => {
    if (kind !== rootsChanged || held) return false;
    held = true;
    server.forget();
    server.cut();
    return true;
  });

  await session.setRoots([{ uri: 'file:///a' }]);
  await session.setRoots([{ uri: 'file:///b' }]);

  expect(server.requestCounts).toMatchObject({ initialize: 2, [rootsChanged]: 3 });
});

it('rejects roots that the server rejects for a minute', async () => {
  const { scheduler, advance } = virtualTime();
  const server = await stage.server();
  const { session } = await stage.connected(server, { reconnect: { jitter: 'none' } }, { scheduler });
  server.answer((incoming) => incoming.kind === rootsChanged && plain(incoming, 404));
  const rejections: unknown[] = [];
  session.setRoots([{ uri: 'file:///a' }]).catch((error: unknown) => rejections.push(error));
  while (rejections.length === 0) {
    // Each 404 is followed by a ping, which has a timeout of 5 s.
    await session.ping();
    await session.ping();
    await advance(1_000);
  }

  expect(rejections).toMatchObject([{ name: 'ConnectionFailedError', status: 404 }]);
  expect(server.requestCounts[rootsChanged]).toBeGreaterThan(5);
});

it.each([-32602, -32603, -32000])(
  'connects again to a server that answers initialize with the error %i',
  async (code) => {
    const error = { code, message: 'not ready' };
    const { server, statuses, listens } = await rejectedAfterLoss(
      'initialize',
      (incoming) => json(incoming, 400, { jsonrpc: '2.0', id: incoming.id, error }),
      () => Promise.resolve(),
    );
    await server.until(() => server.requestCounts['initialize'] === 4);

    await listens();
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
  },
);
