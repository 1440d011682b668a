import { HttpConnector, MCPSession } from 'rx-mcp';
import { useStage } from '../../rig/useStage';
import { modernOnly } from '../../rig/startModernServer';
import { startStubServer } from '../../client/modern/faults/startStubServer';
import { type IncomingRequest, empty, plain } from './responses';
import { startWorldServer } from './startWorldServer';
import { serveHttpWithSse } from './serveHttpWithSse';

const stage = useStage(startWorldServer);
const modernStage = useStage(startStubServer, modernOnly);

const statuses = [301, 302, 303, 307, 308];

const redirect = ({ to }: Pick<IncomingRequest, 'to'>, status: number, location: string): true => {
  to.writeHead(status, { location }).end();
  return true;
};

describe.each(statuses)('a redirect with HTTP %i', (status) => {
  it('is followed to a different path of the origin, with the method, the body and the headers', async () => {
    const server = await stage.server();
    const seen: unknown[] = [];
    server.answer((incoming) => {
      if (incoming.path === '/mcp') return redirect(incoming, status, '/mcp/?tenant=1');
      seen.push([incoming.kind, incoming.path, incoming.from.headers.authorization]);
      return false;
    });
    const watched = await stage.connected(server, { headers: { authorization: 'Bearer secret' } });

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    await watched.session.disconnect();
    expect(seen).toEqual(
      ['initialize', 'GET', 'notifications/initialized', 'tools/call', 'DELETE'].map((kind) => [
        kind,
        '/mcp/?tenant=1',
        'Bearer secret',
      ]),
    );
    expect(watched.errors).toEqual([]);
  });

  it('is not followed to a different origin', async () => {
    const server = await stage.server();
    const other = await stage.server();
    server.answer((incoming) => redirect(incoming, status, `${other.url}?key=secret`));

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      status,
      retryable: false,
      message: `connecting: redirect to ${other.url} not followed`,
    });
    expect(other.requestCounts).toEqual({});
  });

  it('is followed by protocol 2026-07-28', async () => {
    const server = await modernStage.server();
    const follow: typeof fetch = (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.pathname !== '/moved') {
        return Promise.resolve(new Response(null, { status, headers: { location: '/moved' } }));
      }
      return fetch(new URL('/mcp', url), init);
    };
    const { session } = await modernStage.connected(server, { fetch: follow });

    await expect(session.callTool('any')).resolves.toMatchObject({ content: [] });
  });
});

describe('a redirect within the origin', () => {
  it('is named in the error if the place it leads to rejects the message', async () => {
    const server = await stage.server();
    server.answer((incoming) =>
      incoming.path === '/mcp'
        ? redirect(incoming, 302, '/login?key=secret')
        : plain(incoming, 200, '<html>', 'text/html'),
    );

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({
      message: `initialize at ${new URL('/login', server.url).href}: HTTP 200 with text/html`,
    });
  });

  it('is not followed to the same place', async () => {
    const server = await stage.server();
    server.answer((incoming) => redirect(incoming, 302, incoming.path));

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({ status: 302, retryable: false });
    expect(server.requestCounts['initialize']).toBe(1);
  });

  it('is followed at most five times in a row', async () => {
    const server = await stage.server();
    server.answer((incoming) => redirect(incoming, 302, `${incoming.path}/x`));

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({ status: 302, retryable: false });
    expect(server.requestCounts['initialize']).toBe(6);
  });

  it('is followed for the messages of HTTP+SSE', async () => {
    const server = await stage.server();
    serveHttpWithSse(server, (incoming, write) => {
      if (incoming.path === '/messages') return redirect(incoming, 301, '/messages/');
      const result = { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: { name: 'old', version: '1' } };
      if (incoming.id !== undefined) write(`data: ${JSON.stringify({ jsonrpc: '2.0', id: incoming.id, result })}\n\n`);
      return empty(incoming, 202);
    });
    const session = new MCPSession(new HttpConnector(server.url, { connectTimeout: 2_000 }));
    stage.after(() => session.disconnect());

    await session.connect();
    await expect(session.ping()).resolves.toBeUndefined();
  });
});
