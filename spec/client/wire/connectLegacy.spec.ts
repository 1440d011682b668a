import {
  CallToolRequestSchema,
  InitializeRequestSchema,
  McpError,
  PingRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type Connection, isRetryable, MCPSession } from 'rx-mcp';
import { MCPServer } from 'rx-mcp/server';
import { simulateNetwork, virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, mergeMap, type Subscription } from 'rxjs';
import { createMemoryServer } from '../../rig/createMemoryServer';
import { openMemorySession } from '../../rig/openMemorySession';

const initializeWith = (answer: () => object) => ({
  prepare: (server: ReturnType<typeof createMemoryServer>['server']) =>
    server.setRequestHandler(InitializeRequestSchema, () => answer() as never),
});

describe('the handshake', () => {
  it('ends the session on the server if it is interrupted after its response', async () => {
    const server = new MCPServer({ name: 'spec', version: '1.0.0' });
    const network = simulateNetwork(server);
    const session = new MCPSession(network.connector());
    const ended = firstValueFrom(server.sessions$.pipe(mergeMap(({ ended$ }) => ended$)));
    network.hold('notifications/initialized');
    const connected = session.connect().catch((error: unknown) => error);
    await network.until('notifications/initialized');

    await session.disconnect();

    expect(await connected).toMatchObject({ name: 'SessionClosedError' });
    expect(network.open).toMatchObject({ streams: [], calls: [] });
    expect(await ended).toBe('deleted');
    await server.close();
  });

  it('fails permanently with an unsupported version, and names it', async () => {
    const serverInfo = { name: 'old', version: '1' };
    const memory = createMemoryServer(
      initializeWith(() => ({ protocolVersion: '1999-01-01', capabilities: {}, serverInfo })),
    );

    const error: unknown = await firstValueFrom(memory.connector().connect()).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: 'ConnectionFailedError', message: expect.stringContaining('1999-01-01') });
    expect(isRetryable(error)).toBe(false);
    expect(memory.server.transport).toBeUndefined();
  });

  it.each([
    [-32602, false],
    [-32603, true],
    [-32000, true],
  ])('fails the attempt if it is rejected with error %i (retryable: %s)', async (code, retryable) => {
    const memory = createMemoryServer(
      initializeWith(() => {
        throw new McpError(code, 'no');
      }),
    );

    await expect(firstValueFrom(memory.connector().connect())).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: expect.stringMatching(/^initialize: .*no$/),
      cause: { code },
      retryable,
    });
  });

  it('fails the attempt if its response is invalid', async () => {
    const memory = createMemoryServer(initializeWith(() => ({ protocolVersion: 7 })));

    await expect(firstValueFrom(memory.connector().connect())).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'initialize: invalid response from server (protocolVersion: expected a string)',
    });
  });

  it('fails the attempt if it is cut off', async () => {
    const memory = createMemoryServer(
      initializeWith(() => {
        void memory.drop();
        return {};
      }),
    );

    await expect(firstValueFrom(memory.connector().connect())).rejects.toMatchObject({ name: 'ConnectionFailedError' });
  });

  it('times out after connectTimeout, for each attempt', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses } = openMemorySession({
      prepare: (server) => server.setRequestHandler(InitializeRequestSchema, () => new Promise(() => undefined)),
      options: { connectTimeout: 100, reconnect: { maxRetries: 1, initialDelay: 0 } },
      session: { scheduler },
    });
    const outcome = expect(session.connect({ retry: true })).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'initialize: timed out after 100 ms',
      retryable: true,
    });

    await advance(99);
    expect(memory.attempts).toBe(1);
    await advance(1);
    await advance(0);
    await advance(100);

    await outcome;
    expect(memory.attempts).toBe(2);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'reconnecting', 'closed']);
  });
});

describe('pings', () => {
  it('are not sent by default', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session } = openMemorySession({ session: { scheduler } });
    await session.connect();

    await advance(10 * 60_000);

    expect(memory.methods()).not.toContain('ping');
    await session.disconnect();
  });

  it('are sent in the configured interval, and end with the session', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses } = openMemorySession({ session: { scheduler }, options: { keepAlive: 1_000 } });
    await session.connect();
    const pings = () => memory.methods().filter((method) => method === 'ping').length;

    for (let n = 0; n < 5; n++) await advance(1_000);
    expect(pings()).toBe(5);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    await session.disconnect();
    await advance(10_000);

    expect(pings()).toBe(5);
  });

  it('end the connection if they are not answered', async () => {
    const { scheduler, advance } = virtualTime();
    const { session, statuses } = openMemorySession({
      prepare: (server) => server.setRequestHandler(PingRequestSchema, () => new Promise(() => undefined)),
      session: { scheduler },
      options: { keepAlive: 1_000 },
    });
    await session.connect();

    await advance(1_000);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    await advance(1_000);

    expect(statuses.find(({ state }) => state === 'reconnecting')).toMatchObject({
      error: { name: 'ConnectionLostError', message: 'ping: timed out after 1000 ms', uptime: 2_000 },
    });
    await session.disconnect();
  });

  it('keep the connection if they are answered with an error', async () => {
    const { scheduler, advance } = virtualTime();
    const { session, statuses } = openMemorySession({
      prepare: (server) => server.removeRequestHandler('ping'),
      session: { scheduler },
      options: { keepAlive: 1_000 },
    });
    await session.connect();

    for (let n = 0; n < 3; n++) await advance(1_000);

    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    await session.disconnect();
  });
});

describe('a connection', () => {
  const open = async (memory: ReturnType<typeof createMemoryServer>): Promise<[Connection, Subscription]> => {
    const connecting$ = memory.connector().connect();
    return new Promise((resolve) => {
      const subscription = connecting$.subscribe({
        next: (each) => resolve([each, subscription]),
        error: () => undefined,
      });
    });
  };

  it('sends requests on subscription, and cancels them on an early unsubscription', async () => {
    const memory = createMemoryServer({
      prepare: (server) => server.setRequestHandler(CallToolRequestSchema, () => new Promise(() => undefined)),
    });
    const [connection, subscription] = await open(memory);
    const call$ = connection.request$({ method: 'tools/call', params: { name: 'any' } });
    expect(memory.methods()).not.toContain('tools/call');

    call$.subscribe().unsubscribe();
    await firstValueFrom(connection.request$({ method: 'ping' }));

    expect(memory.methods().slice(2)).toEqual(['tools/call', 'notifications/cancelled', 'ping']);
    subscription.unsubscribe();
  });

  it('fails pending and later requests with the same typed error when it is lost', async () => {
    const memory = createMemoryServer({
      prepare: (server) => server.setRequestHandler(CallToolRequestSchema, () => new Promise(() => undefined)),
    });
    const [connection] = await open(memory);
    const connectionLost = { name: 'ConnectionLostError', cause: { message: 'connection: the transport closed' } };
    const request = { method: 'tools/call', params: { name: 'any' } };
    const inFlight = expect(firstValueFrom(connection.request$(request))).rejects.toMatchObject(connectionLost);

    await memory.drop();

    await inFlight;
    await expect(firstValueFrom(connection.request$(request))).rejects.toMatchObject(connectionLost);
    await expect(connection.notify({ method: 'custom/any' })).rejects.toMatchObject(connectionLost);
  });

  it('has notifications and the state of its stream', async () => {
    const memory = createMemoryServer();
    const [connection, subscription] = await open(memory);
    const received: string[] = [];
    connection.notifications$.subscribe(({ method }) => received.push(method));

    await memory.server.notification({ method: 'custom/any' });

    expect(received).toEqual(['custom/any']);
    expect(await firstValueFrom(connection.stream$)).toEqual({ listening: true });
    subscription.unsubscribe();
  });
});
