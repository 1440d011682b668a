import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../rig/listen';
import { useStage } from '../../rig/useStage';
import { states } from '../../rig/watchSession';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

/** Starts a server that supports only HTTP with SSE at `/mcp`. The responses to its next streams can be overridden. */
async function startSseOnly() {
  const requestCounts = { post: 0, get: 0 };
  const streams = new Set<ServerResponse>();
  const refusals: ((to: ServerResponse) => unknown)[] = [];
  const server = createServer((from, to) => {
    if (from.url === '/mcp' && from.method === 'POST') {
      requestCounts.post++;
      to.writeHead(405).end();
    } else if (from.url === '/mcp') {
      requestCounts.get++;
      const refuse = refusals.shift();
      if (refuse) {
        refuse(to);
        return;
      }
      to.writeHead(200, { 'content-type': 'text/event-stream' });
      to.write('event: endpoint\ndata: /messages\n\n');
      streams.add(to.on('close', () => streams.delete(to)));
    } else {
      void text(from).then((body) => {
        const { id, method } = JSON.parse(body);
        to.writeHead(202).end('Accepted');
        if (id === undefined) return;
        const result =
          method === 'initialize'
            ? { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo: { name: 'sse', version: '1' } }
            : { tools: [] };
        for (const open of streams) open.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
      });
    }
  });
  const { url, close } = await listen(server);
  stage.after(close);
  return {
    url,
    requestCounts,
    refuse: (...answers: ((to: ServerResponse) => unknown)[]) => refusals.push(...answers),
    cut: () => streams.forEach((to) => to.destroy()),
  };
}

const status =
  (code: number, headers = {}) =>
  (to: ServerResponse) =>
    to.writeHead(code, headers).end('away');

describe('a server that supports only HTTP with SSE', () => {
  it.each([
    ['503', status(503)],
    ['502', status(502)],
    ['404', status(404)],
    ['200 with HTML', status(200, { 'content-type': 'text/html' })],
    ['a reset connection', (to: ServerResponse) => to.destroy()],
  ])('is reconnected to after %s, twice', async (_, refuse) => {
    const server = await startSseOnly();
    const watched = stage.session(server.url);
    await watched.session.connect();
    expect(await watched.session.listTools()).toEqual([]);

    server.refuse(refuse, refuse);
    server.cut();
    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();

    expect(await watched.session.listTools()).toEqual([]);
    expect(states(watched)).not.toContain('closed');
  });

  it('is reconnected to with the transport that worked', async () => {
    const server = await startSseOnly();
    const watched = stage.session(server.url);
    await watched.session.connect();
    const { post } = server.requestCounts;
    server.cut();
    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();
    expect(server.requestCounts.post).toBe(post);
  });

  it.each([
    [401, { name: 'UnauthorizedError', retryable: false }],
    [503, { name: 'ConnectionFailedError', status: 503, retryable: true }],
  ])('fails the first attempt with the error of its stream, for %i', async (code, error) => {
    const server = await startSseOnly();
    server.refuse(status(code));
    const { session } = stage.session(server.url);
    await expect(session.connect()).rejects.toMatchObject(error);
  });

  it('is retried after its Retry-After', async () => {
    const server = await startSseOnly();
    const watched = stage.session(server.url, { reconnect: { initialDelay: 10, maxDelay: 4_000, jitter: 'none' } });
    await watched.session.connect();
    server.refuse(status(503, { 'retry-after': '1' }));
    server.cut();
    await watched.until(({ statuses }) =>
      statuses.some((now) => now.state === 'reconnecting' && now.delay >= 1_000 && now.delay < 4_000),
    );
  });
});
