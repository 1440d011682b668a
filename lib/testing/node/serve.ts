import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { HttpConnector } from '../../client/connector/httpConnector';
import { modern } from '../../client/modern/modern';
import { isObject } from '../../util/isObject';
import {
  simulateNetwork,
  type SimulatedNetwork,
  type SimulatedServer,
  type SimulateNetworkOptions,
} from '../network/simulateNetwork';

/** A server on a loopback port, with the methods of a simulated network. */
export interface ServedNetwork extends SimulatedNetwork {
  /** The server's URL, on a free port of 127.0.0.1. */
  readonly url: string;
}

/**
 * Serves an `MCPServer`, or any object with a `fetch` handler, on a loopback port. The faults of `simulateNetwork` then
 * affect real sockets. Use it for clients in other processes, and for tests that need a socket. Disposing of it closes
 * the port.
 *
 * @param server - the server, usually an `MCPServer`.
 * @param options - era, latency and scheduler. Default: `{}`.
 *
 * @example
 * await using net = await serve(server);
 * const session = new MCPSession(new HttpConnector(net.url));
 */
export async function serve(server: SimulatedServer, options: SimulateNetworkOptions = {}): Promise<ServedNetwork> {
  const network = simulateNetwork(server, options);
  const http = createServer((request, response) => {
    void forward(network.fetch, request, response).catch(() => request.socket.destroy());
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const port = isObject(address) ? Number(address.port) : 0;
  const url = `http://127.0.0.1:${port}/mcp`;

  function close(): void {
    http.close();
    http.closeAllConnections();
  }

  return {
    ...network,
    get open() {
      return network.open;
    },
    url,
    connector: (connectorOptions = {}) =>
      new HttpConnector(url, {
        ...(options.era === 'modern' && { engine: modern({ negotiation: 'modern' }) }),
        ...connectorOptions,
      }),
    down() {
      network.down();
      close();
    },
    up() {
      network.up();
      if (!http.listening) http.listen(port, '127.0.0.1');
    },
    async [Symbol.asyncDispose]() {
      try {
        await network[Symbol.asyncDispose]();
      } finally {
        close();
      }
    },
  };
}

/**
 * Passes a request from a socket to `fetch`, and writes the response to the socket. If `fetch` rejects or the body
 * fails, destroys the socket.
 */
async function forward(fetch: typeof globalThis.fetch, given: IncomingMessage, target: ServerResponse): Promise<void> {
  const disconnected = new AbortController();
  target.on('close', () => disconnected.abort());
  const body = await buffer(given);
  const { method = 'GET', url = '/', headers } = given;
  const response = await fetch(new URL(url, `http://${headers.host ?? '127.0.0.1'}`), {
    method,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      [value ?? []].flat().map((text) => [name, text]),
    ),
    signal: disconnected.signal,
    ...(body.length > 0 && { body }),
  });
  target.writeHead(response.status, Object.fromEntries(response.headers));
  target.flushHeaders();
  const reader = response.body?.getReader();
  disconnected.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined));
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    if (!target.write(next.value) && !disconnected.signal.aborted)
      await Promise.race([once(target, 'drain'), once(target, 'close')]);
  }
  target.end();
}
