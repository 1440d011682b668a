import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { listen } from '../../rig/listen';

/** A request of a client, and its response. */
export interface IncomingRequest {
  /** The method of the message, otherwise the HTTP method: `GET`, `DELETE`. `answer` for a response to the server. */
  kind: string;
  /** The number of this request among those of its kind, from 1. */
  nth: number;
  id: unknown;
  params: { name?: string; _meta?: { progressToken?: string } };
  from: IncomingMessage;
  to: ServerResponse;
}

/** A server that behaves correctly unless a spec changes that. */
export interface Hostile {
  readonly url: string;
  /** The number of requests of each kind. */
  readonly requestCounts: Readonly<Record<string, number>>;
  /** The open connections, except those that wait for the next request. */
  readonly sockets: ReadonlySet<Socket>;
  /** Writes to every listening stream. Resolves when everything has been written. */
  write(text: string): Promise<void>;
  /** Cuts the listening streams. */
  cut(): void;
  close(): Promise<void>;
}

export const initialized = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true }, resources: { subscribe: true } },
  serverInfo: { name: 'hostile', version: '1.0.0' },
};

const results: Record<string, object> = {
  initialize: initialized,
  'tools/list': { tools: [] },
  'tools/call': { content: [] },
};

export function event(message: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
}

/** Responds to a request with a result, in one piece. */
export function give({ id, to }: IncomingRequest, result: object): true {
  const session = result === initialized && { 'mcp-session-id': 'one' };
  to.writeHead(200, { 'content-type': 'application/json', ...session });
  to.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  return true;
}

/** Starts an event stream as the response. */
export function stream({ to }: IncomingRequest): ServerResponse {
  to.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return to;
}

/** Responds with a status and an endless body. */
export function endless({ to }: IncomingRequest, status: number): true {
  const piece = 'x'.repeat(64 * 1024);
  const more = (): void => {
    while (!to.destroyed && to.write(piece));
  };
  to.writeHead(status, { 'content-type': 'application/json' }).on('drain', more);
  more();
  return true;
}

/**
 * Starts a server on a loopback port.
 *
 * @param answer - answers a request and returns `true`, or leaves the request to the server.
 */
export async function startHostileServer(
  answer: (incoming: IncomingRequest) => unknown = () => false,
): Promise<Hostile> {
  const requestCounts: Record<string, number> = {};
  const sockets = new Set<Socket>();
  const listeners = new Set<ServerResponse>();

  function respond(each: IncomingRequest): unknown {
    const { kind, id, to } = each;
    if (kind === 'GET') {
      listeners.add(stream(each).on('close', () => listeners.delete(to)));
      return undefined;
    }
    return id === undefined || kind === 'answer' ? to.writeHead(202).end() : give(each, results[kind] ?? {});
  }

  const server = createServer((from, to) => {
    void text(from).then(
      (body) => {
        const { method, id, params = {} } = body ? JSON.parse(body) : { method: from.method };
        const kind: string = method ?? 'answer';
        const nth = (requestCounts[kind] ?? 0) + 1;
        requestCounts[kind] = nth;
        const each: IncomingRequest = { kind, nth, id, params, from, to };
        if (answer(each) !== true) respond(each);
      },
      () => undefined,
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  const { url, close } = await listen(server);
  return {
    url,
    requestCounts,
    sockets,
    async write(written) {
      await Promise.all([...listeners].map((to) => new Promise((resolve) => to.write(written, resolve))));
    },
    cut: () => listeners.forEach((to) => to.destroy()),
    close,
  };
}
