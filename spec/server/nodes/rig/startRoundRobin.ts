import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import { listen } from '../../../rig/listen';

/** A plain load balancer on the loopback interface: each request goes to the next node. */
export interface RoundRobin {
  readonly url: URL;
  /** The ports of the nodes. Replace it to add and remove nodes. */
  ports: readonly number[];
  /** Selects the node of a request. `undefined` selects the next one in turn. */
  route: ((request: IncomingMessage) => number | undefined) | undefined;
  /** The number of forwarded requests, by port. */
  readonly counts: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

/** Starts a balancer. A node that refuses the connection is skipped. A response that is cut is cut for the client as well. */
export async function startRoundRobin(ports: readonly number[]): Promise<RoundRobin> {
  const counts = new Map<number, number>();
  let turn = 0;

  const server = createServer((request, response) => {
    const chosen = balancer.route?.(request);
    const first = turn++;
    const order = balancer.ports.map((_, index) => balancer.ports[(first + index) % balancer.ports.length]!);
    void collect(request).then(
      (body) => attempt(request, response, body, chosen === undefined ? order : [balancer.ports[chosen]!]),
      () => response.destroy(),
    );
  });

  function attempt(request: IncomingMessage, response: ServerResponse, body: Buffer, [port, ...rest]: number[]): void {
    if (port === undefined) {
      response.writeHead(502).end();
      return;
    }
    const upstream = forward({
      host: '127.0.0.1',
      port,
      path: request.url,
      method: request.method,
      headers: { ...request.headers, connection: 'close' },
      agent: false,
    });
    upstream.once('socket', (socket) => socket.setNoDelay(true));
    upstream.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && !response.headersSent) attempt(request, response, body, rest);
      else response.destroy();
    });
    upstream.once('response', (answer) => {
      counts.set(port, (counts.get(port) ?? 0) + 1);
      const { connection: _, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, headers);
      response.flushHeaders();
      answer.on('data', (chunk) => response.write(chunk));
      answer.once('end', () => response.end());
      answer.once('error', () => response.destroy());
    });
    response.once('close', () => upstream.destroy());
    upstream.end(body);
  }

  const { url, close } = await listen(server);
  const balancer: RoundRobin = {
    url: new URL(url),
    ports,
    route: undefined,
    counts,
    close,
  };
  return balancer;
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
