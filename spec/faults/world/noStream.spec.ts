import { isDeepStrictEqual } from 'node:util';
import type { SessionStatus } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { empty, plain, stream, type IncomingRequest } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const answers: [string, (incoming: IncomingRequest) => boolean, RegExp][] = [
  ['204', (incoming) => empty(incoming, 204), /204/],
  ['200 with HTML', (incoming) => plain(incoming, 200, '<html>', 'text/html'), /text\/html/],
  ['200 with JSON', (incoming) => plain(incoming, 200, '{}', 'application/json'), /application\/json/],
  ['200 without a content type', (incoming) => empty(incoming, 200), /200|content/],
  ['500', (incoming) => plain(incoming, 500, 'broken'), /500/],
  ['501', (incoming) => plain(incoming, 501, 'not implemented'), /501/],
];

describe.each(answers)('a GET that is rejected with %s', (_, refuse, reason) => {
  it('leads to a connected session that does not listen, reports the error once, and rarely requests the stream', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'GET' && refuse(incoming));
    const watched = stage.session(server.url);
    await watched.session.connect();
    await server.until(() => (server.requestCounts['GET'] ?? 0) >= 2);
    for (let n = 0; n < 40; n++) await watched.session.callTool('echo');

    const { statuses, errors } = watched;
    const repeated = statuses.filter((status, index) => index > 0 && isDeepStrictEqual(status, statuses[index - 1]));
    expect(repeated).toEqual([]);
    expect(errors.filter(({ message }) => reason.test(message))).toHaveLength(1);
    expect(errors.map(({ message }) => message).join()).not.toContain('undefined');
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(server.requestCounts['initialize']).toBe(1);
  });

  it('is retried later, and succeeds once the server offers a stream', async () => {
    const server = await stage.server();
    let refused = 0;
    server.answer((incoming) => incoming.kind === 'GET' && ++refused <= 3 && refuse(incoming));
    const { scheduler, advance } = virtualTime();
    const watched = stage.session(server.url, {}, { scheduler });
    await watched.session.connect();
    for (let minutes = 0; minutes < 120 && !isListening(watched); minutes++) {
      await advance(60_000);
      await watched.session.callTool('echo');
    }
    await watched.listens();
    server.write('data: {"jsonrpc":"2.0","method":"custom/tick","params":{"n":1}}\n\n');
    await watched.receives(1);
    expect(watched.ticks).toEqual([1]);
    expect(server.requestCounts['GET']).toBe(4);
  });
});

const types: [string, Record<string, string>][] = [
  ['without a type', {}],
  ['as text/plain', { 'content-type': 'text/plain; charset=utf-8' }],
  ['as JSON', { 'content-type': 'application/json' }],
  ['as bytes', { 'content-type': 'application/octet-stream' }],
];

describe.each(types)('an event stream that is sent %s', (_, headers) => {
  it.each([
    ['a comment', ': open\n\n'],
    ['a blank line', '\n'],
    ['an id', 'id: 1\ndata:\n\n'],
    ['a retry field', 'retry: 1000\n\n'],
  ])('is read if it begins with %s, in any chunking', async (_start, start) => {
    const server = await stage.server();
    let streams = 0;
    server.answer(({ kind, to }) => {
      if (kind !== 'GET') return false;
      streams++;
      to.writeHead(200, headers).flushHeaders();
      for (const character of start) to.write(character);
      to.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'custom/tick', params: { n: 1 } })}\n\n`);
      return true;
    });
    const watched = await stage.connected(server.url);
    await watched.receives(1);

    expect(watched.ticks).toEqual([1]);
    expect(watched.errors).toEqual([]);
    expect(streams).toBe(1);
  });

  it('does not delay the connection while it is silent, and is read later', async () => {
    const server = await stage.server();
    let open = (): void => undefined;
    server.answer(({ kind, to }) => {
      if (kind !== 'GET') return false;
      to.writeHead(200, headers).flushHeaders();
      open = () =>
        void to.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'custom/tick', params: { n: 1 } })}\n\n`);
      return true;
    });
    const watched = stage.session(server.url);
    await watched.session.connect();
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    open();
    await watched.receives(1);

    expect(watched.errors).toEqual([]);
    expect(watched.gaps).toEqual([]);
  });
});

describe.each([401, 404, 405, 501])('a new session whose GET is rejected with %i during a deploy', (status) => {
  it('requests the stream again soon, because the server has offered one before', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server.url, { reconnect: { initialDelay: 10, jitter: 'none' } });
    await server.kill();
    let rejected = 0;
    server.answer((incoming) => incoming.kind === 'GET' && ++rejected <= 4 && plain(incoming, status));
    await server.start();

    await server.until(() => rejected > 4);
    await watched.listens();
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    // A 401 leads to a new session.
    expect(server.requestCounts['initialize']).toBeLessThanOrEqual(status === 401 ? 5 : 2);
    expect(watched.gaps.length).toBeGreaterThan(0);
  });
});

describe('a stream that always ends immediately', () => {
  it('is requested with growing delays', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'GET' && ended(incoming));
    const watched = stage.session(server.url, { reconnect: { initialDelay: 10, maxDelay: 2_000, jitter: 'none' } });
    await watched.session.connect();
    await watched.until(({ statuses }) => statuses.some((now) => now.state === 'reconnecting' && now.delay >= 80));
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
  });
});

function ended(incoming: IncomingRequest): true {
  stream(incoming).end();
  return true;
}

function isListening({ statuses }: { statuses: readonly SessionStatus[] }): boolean {
  const last = statuses.at(-1);
  return last?.state === 'connected' && last.listening;
}
