import { listChanged } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { virtualTime } from 'rx-mcp/testing';
import type { ServerResponse } from 'node:http';
import type { JSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { acknowledgment, startStubServer, stream, type StubServer } from '../../client/modern/faults/startStubServer';
import { modernOnly, startModernServer } from '../../rig/startModernServer';
import { useStage } from '../../rig/useStage';
import type { Watched } from '../../rig/watchSession';

const stage = useStage(startModernServer, modernOnly);
let server: StubServer;

beforeEach(async () => {
  server = await startStubServer();
  stage.after(() => server.close());
});

/** Opens a session that is subscribed to changes of the tools. */
async function subscribed(): Promise<Watched> {
  const watched = await stage.connected(server.url);
  watched.session.notifications$.pipe(listChanged('tools')).subscribe();
  await watched.listens();
  return watched;
}

const acknowledge = (response: ServerResponse, request: JSONRPCRequest): void =>
  void stream(response).write(acknowledgment(request));
const listens = (): number => server.methods.filter((method) => method === 'subscriptions/listen').length;
const states = ({ statuses }: Watched): string[] => statuses.map(({ state }) => state);

describe('a session of the modern era', () => {
  it.each([401, 403])('keeps its connection if a single call is rejected with %i', async (status) => {
    const watched = await subscribed();

    server.refuse(status);
    await expect(watched.session.callTool('any')).rejects.toMatchObject({ name: 'UnauthorizedError', status });
    server.refuse(undefined);

    await expect(watched.session.callTool('any')).resolves.toMatchObject({ content: [] });
    expect(states(watched)).not.toContain('reconnecting');
  });

  it.each([400, 404, 405, 410, 500, 502, 503])(
    'survives a deploy that rejects subscriptions with %i',
    async (status) => {
      const watched = await subscribed();
      let refused = 0;
      server.onListen((response) => {
        refused++;
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>deploying</html>');
      });
      server.end();
      await watched.until(() => refused >= 3 || states(watched).includes('closed'));
      server.onListen(acknowledge);

      await watched.listens();
      expect(states(watched)).not.toContain('closed');
      expect(watched.gaps.length).toBeGreaterThan(0);
      await expect(watched.session.callTool('any')).resolves.toMatchObject({ content: [] });
      expect(listens()).toBeGreaterThan(refused);
    },
  );

  it.each([400, 401, 404, 405, 503])(
    'listens after a deploy that rejects only the first subscriptions of a new connection, with %i',
    async (status) => {
      const watched = await stage.connected(server.url, { keepAlive: 1_000 });
      watched.session.notifications$.pipe(listChanged('tools')).subscribe();
      await watched.listens();
      let rejected = 0;
      server.onListen((response) => {
        rejected++;
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>deploying</html>');
      });
      // The rejected ping ends the connection. The new one is accepted, but not its subscription.
      server.refuse(503);
      await watched.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
      server.refuse(undefined);
      await watched.until(
        () => rejected >= 3 || watched.errors.some(({ message }) => message.includes(String(status))),
      );
      server.onListen(acknowledge);

      await watched.listens();
      await expect(watched.session.callTool('any')).resolves.toMatchObject({ content: [] });
      expect(watched.gaps.length).toBeGreaterThan(0);
      expect(listens()).toBeGreaterThan(rejected);
    },
  );

  it.each([400, 404, 405])(
    'requests a subscription again after five seconds if the first one was rejected with %i',
    async (status) => {
      const { scheduler, advance } = virtualTime();
      server.onListen((response) => {
        response.writeHead(status, { 'content-type': 'text/plain' }).end('page not found');
      });
      const watched = await stage.connected(server.url, {}, { scheduler });
      watched.session.notifications$.pipe(listChanged('tools')).subscribe();
      await advance(100);
      await watched.until(() => watched.errors.length > 0);
      await advance(4_000);
      expect(listens()).toBe(1);
      server.onListen(acknowledge);
      await advance(1_000);

      await watched.listens();
      expect(watched.errors).toMatchObject([{ name: 'ConnectionFailedError', status }]);
    },
  );

  it.each([
    { negotiation: 'modern', status: 400 },
    { negotiation: 'modern', status: 401 },
    { negotiation: 'modern', status: 404 },
    { negotiation: 'modern', status: 410 },
    { negotiation: 'modern', status: 502 },
    { negotiation: 'auto', status: 400 },
    { negotiation: 'auto', status: 404 },
    { negotiation: 'auto', status: 405 },
  ] as const)(
    'keeps its era when server/discover is rejected with $status, with negotiation $negotiation',
    async ({ negotiation, status }) => {
      const watched = await stage.connected(server.url, { engine: modern({ negotiation }), keepAlive: 50 });
      watched.session.notifications$.pipe(listChanged('tools')).subscribe();
      await watched.listens();
      const attempts = (): number => watched.statuses.filter(({ state }) => state === 'reconnecting').length;
      // A refused ping means that the connection is lost, so the next request is server/discover.
      server.refuse(status);
      await watched.until(() => attempts() >= 3 || states(watched).includes('closed'));
      server.refuse(undefined);

      await watched.listens();
      expect(states(watched)).not.toContain('closed');
      expect(watched.statuses.at(-1)).toMatchObject({ protocolEra: 'modern' });
      expect(server.methods).not.toContain('initialize');
    },
  );

  it('reports a gap since the server was last known to be alive when a ping is not answered', async () => {
    const startedAt = Date.now();
    const proxy = await stage.proxy(server);
    const watched = await stage.connected(proxy.url(), { keepAlive: 200 });
    watched.session.notifications$.pipe(listChanged('tools')).subscribe();
    await watched.listens();
    const before = Date.now();
    proxy.silence(true);
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
    proxy.silence(false);
    await watched.until(({ gaps }) => gaps.length > 0);

    expect(watched.gaps[0]!.since).toBeGreaterThanOrEqual(startedAt);
    expect(watched.gaps[0]!.since).toBeLessThanOrEqual(before);
  });

  it.each([400, 404, 500])(
    'treats a JSON-RPC error with the id of a call as its response, with HTTP %i',
    async (status) => {
      const watched = await subscribed();
      server.onCall((response, { id }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32050, message: 'no such thing' } }));
      });

      await expect(watched.session.callTool('any')).rejects.toMatchObject({ name: 'ServerError', code: -32050 });
      expect(states(watched)).not.toContain('reconnecting');
    },
  );

  it('treats null for an optional member of a result as absent', async () => {
    const watched = await subscribed();
    server.onCall((response, { id }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const result = {
        resultType: 'complete',
        content: [{ type: 'text', text: 'a', annotations: null }],
        isError: null,
      };
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });

    await expect(watched.session.callTool('any')).resolves.toMatchObject({ content: [{ type: 'text', text: 'a' }] });
  });
});
