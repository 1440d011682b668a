import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { firstValueFrom, Subject } from 'rxjs';
import { engineContext } from '../../../lib/client/connection/engineContext';
import { listen } from '../../rig/listen';
import { quick } from '../../rig/quick';
import { watchSession } from '../../rig/watchSession';

const initialized = { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: { name: 'older', version: '1' } };

/** Starts a server that supports only HTTP with SSE. */
async function startOlder() {
  const requests: string[] = [];
  const streams = new Set<ServerResponse>();
  let refusal: { status: number; headers?: Record<string, string> } | undefined;

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    requests.push(`${from.method} ${from.url}`);
    if (from.method === 'GET') {
      if (refusal) {
        to.writeHead(refusal.status, refusal.headers).end();
        refusal = undefined;
        return;
      }
      to.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: endpoint\ndata: /messages\n\n');
      streams.add(to.on('close', () => streams.delete(to)));
      return;
    }
    if (from.url !== '/messages') return void to.writeHead(405).end();
    const { id, method } = JSON.parse(await text(from)) as { id?: number; method: string };
    to.writeHead(202).end();
    if (id === undefined) return;
    const result = method === 'initialize' ? initialized : {};
    for (const stream of streams) stream.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
  }

  const server = createServer((from, to) => void answer(from, to));
  const { url, close } = await listen(server);
  return {
    requests,
    url,
    cut: () => streams.forEach((stream) => stream.destroy()),
    refuseOnce: (status: number, headers?: Record<string, string>) => void (refusal = { status, headers }),
    close,
  };
}

describe('a server that supports only the older transport', () => {
  it('is reconnected to with the transport that worked', async () => {
    const server = await startOlder();
    const { session, statuses, until } = watchSession(
      new MCPSession(new HttpConnector(server.url, { reconnect: quick })),
    );
    await session.connect();

    server.refuseOnce(503);
    server.cut();
    await until(() => statuses.filter(({ state }) => state === 'connected').length === 2);

    expect(server.requests.filter((request) => request === 'POST /mcp')).toHaveLength(1);
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
    await session.disconnect();
    await server.close();
  });

  it('is connected to without keeping the attempt that failed', async () => {
    const server = await startOlder();
    let released = 0;
    const context = {
      ...engineContext(undefined),
      onClosing: (): void => {
        released++;
      },
    };
    const connection$ = new HttpConnector(server.url).connect(context);

    const connected = new Subject<unknown>();
    const connection = connection$.subscribe(connected);
    await firstValueFrom(connected);
    expect(released).toBe(1);

    connection.unsubscribe();
    expect(released).toBe(2);
    await server.close();
  });

  it.each([
    [503, { 'retry-after': '7' }, { name: 'ConnectionFailedError', status: 503, retryable: true, retryAfter: 7_000 }],
    [401, {}, { name: 'UnauthorizedError', retryable: false }],
    [404, {}, { name: 'ConnectionFailedError', status: 405, retryable: false }],
  ])('fails with the error of the transport that it supports (%d)', async (status, headers, error) => {
    const server = await startOlder();
    server.refuseOnce(status, headers);

    await expect(new MCPSession(new HttpConnector(server.url)).connect()).rejects.toMatchObject(error);

    await server.close();
  });
});

describe('an attempt that is unsubscribed from', () => {
  it('sends nothing afterwards, not even with the other transport', async () => {
    const server = await startOlder();
    const requests: string[] = [];
    let isGone = false;
    const connector = new HttpConnector(server.url, {
      fetch(url, init) {
        if (!isGone) return fetch(url, init);
        requests.push(init?.method ?? '');
        return Promise.resolve(new Response(null, { status: 404 }));
      },
    });
    await firstValueFrom(connector.connect());
    isGone = true;

    for (let microtasks = 0; microtasks < 60; microtasks++) {
      const attempt = connector.connect().subscribe({ error: () => undefined });
      for (let count = 0; count < microtasks; count++) await Promise.resolve();
      const sent = requests.length;
      attempt.unsubscribe();
      await setImmediate();
      expect(requests).toHaveLength(sent);
    }

    expect(requests).toContain('POST');
    await server.close();
  });
});

describe('a server that is not an MCP server', () => {
  it('is requested with each transport, and fails with the error of the first one', async () => {
    const requests: string[] = [];
    const server = createServer((from, to) => {
      requests.push(from.method ?? '');
      if (from.method !== 'POST') return void to.writeHead(404).end();
      to.writeHead(200, { 'content-type': 'text/html', 'mcp-session-id': 'page' }).end('<html></html>');
    });
    const { url, close } = await listen(server);

    await expect(firstValueFrom(new HttpConnector(url).connect())).rejects.toMatchObject({ status: 200 });

    expect(requests).toEqual(['POST', 'DELETE', 'GET']);
    await close();
  });
});
