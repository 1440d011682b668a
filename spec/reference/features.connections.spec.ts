import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  ConnectionFailedError,
  type Connector,
  HttpConnector,
  MCPSession,
  ofMethod,
  type SessionStatus,
  TransportConnector,
} from 'rx-mcp';
import { filter, firstValueFrom, lastValueFrom, map, take, toArray } from 'rxjs';
import { createLegacyServer } from '../rig/legacyServer/createLegacyServer';
import { startFaultServer } from '../rig/startFaultServer';
import { reachOverHttp, reachOverStdio } from './reach';
import { startSseServer } from '../rig/startSseServer';

const reconnect = { initialDelay: 20, maxDelay: 200 };

/** Cleanup functions of each test, called in reverse order. */
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function sessionWith(connector: Connector): MCPSession {
  const session = new MCPSession(connector);
  ends.push(() => session.disconnect());
  return session;
}

/** Connects, calls a tool, and receives a notification. */
async function expectToWork(connector: Connector): Promise<void> {
  const session = sessionWith(connector);
  const beats = lastValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat'), take(2), toArray()));
  await session.connect();

  expect(await session.callTool('echo', { text: 'Hi' })).toMatchObject({ content: [{ text: 'Hi' }] });
  // Over HTTP, heartbeats before the stream was open are lost, but later ones are not.
  const [first, second] = (await beats).map(({ params }) => Number(params?.['count']));
  expect(second).toBe(first! + 1);
}

describe('features of the TypeScript client page: SSE, Streamable HTTP, stdio', () => {
  it.each([
    { name: 'Streamable HTTP', open: reachOverHttp },
    { name: 'stdio', open: reachOverStdio },
  ])('$name', async ({ open }) => {
    const { connector, stop } = await open();
    ends.push(stop);

    await expectToWork(connector());
  });

  it('detects SSE', async () => {
    const { url, stop } = await startSseServer(() => createLegacyServer({ heartbeat: 50 }));
    ends.push(stop);

    await expectToWork(new HttpConnector(url));
  });

  it('accepts custom transports', async () => {
    const connector = new TransportConnector(async () => {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
      await createLegacyServer({ heartbeat: 10 }).connect(serverSide);
      return clientSide;
    });

    await expectToWork(connector);
  });
});

describe('features of the TypeScript client page: stateful sessions', () => {
  const connectedTo = async (get: 405 | 'html'): Promise<[SessionStatus, Error[]]> => {
    const server = await startFaultServer({ get });
    ends.push(() => server.stop());
    const session = sessionWith(new HttpConnector(server.url));
    const errors: Error[] = [];
    session.errors$.subscribe((error) => errors.push(error));

    await session.connect();
    expect(await session.callTool('echo', { text: 'Hi' })).toMatchObject({ content: [{ type: 'text' }] });
    return [await firstValueFrom(session.status$), errors];
  };

  it('reports listening: false without an error if the server has no stream', async () => {
    expect(await connectedTo(405)).toEqual([expect.objectContaining({ state: 'connected', listening: false }), []]);
  });

  it('reports listening: false and a typed error if the stream is invalid', async () => {
    const [status, errors] = await connectedTo('html');

    expect(status).toMatchObject({ state: 'connected', listening: false });
    expect(errors[0]).toBeInstanceOf(ConnectionFailedError);
  });
});

describe.each([
  { over: 'Streamable HTTP', open: reachOverHttp },
  { over: 'stdio', open: reachOverStdio },
])('features of the TypeScript client page: recovery, over $over', ({ open }) => {
  it('continues after a restart of the server and reports a gap', async () => {
    const { connector, revive, stop } = await open();
    ends.push(stop);
    const session = sessionWith(connector({ reconnect }));
    const state$ = session.status$.pipe(map(({ state }) => state));
    const states: string[] = [];
    state$.subscribe((state) => states.push(state));
    await session.connect();
    const gap = firstValueFrom(session.gaps$);
    const away = firstValueFrom(state$.pipe(filter((state) => state === 'reconnecting')));

    await expect(session.callTool('crash')).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await away;
    await revive();
    const { since, until } = await gap;
    const beat = firstValueFrom(session.notifications$.pipe(ofMethod('custom/heartbeat')));

    expect(until).toBeGreaterThanOrEqual(since);
    expect(await beat).toMatchObject({ method: 'custom/heartbeat' });
    expect(states.filter((state, index) => state !== states[index - 1]).slice(0, 3)).toEqual([
      'idle',
      'connecting',
      'connected',
    ]);
    expect(states.at(-1)).toBe('connected');
  });
});
