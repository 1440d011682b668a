import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a client sent, and where to answer. */
export interface Asked {
  /** The method of the message, or else that of HTTP: `GET`, `DELETE`; `answer` is an answer to the server. */
  what: string;
  /** The how manieth of its kind it is, from 1. */
  nth: number;
  id: unknown;
  params: { name?: string; _meta?: { progressToken?: string } };
  from: IncomingMessage;
  to: ServerResponse;
}

/** A server that does what it should until it is told otherwise. */
export interface Hostile {
  readonly url: string;
  /** How often each thing was asked for. */
  readonly asked: Readonly<Record<string, number>>;
  /** The connections that are open, other than those that wait for the next request. */
  readonly sockets: ReadonlySet<Socket>;
  /** Writes to every listening stream; resolves when all of it is out. */
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

/** Answers a request with a result, in one piece. */
export function give({ id, to }: Asked, result: object): true {
  const session = result === initialized && { 'mcp-session-id': 'one' };
  to.writeHead(200, { 'content-type': 'application/json', ...session });
  to.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  return true;
}

/** Begins to answer with an event stream. */
export function stream({ to }: Asked): ServerResponse {
  to.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return to;
}

/** Answers with this status, and a body that has no end. */
export function endless({ to }: Asked, status: number): true {
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
 * @param answer - answers in its own way and returns true, or leaves the request to the server.
 */
export async function startHostileServer(answer: (asked: Asked) => unknown = () => false): Promise<Hostile> {
  const asked: Record<string, number> = {};
  const sockets = new Set<Socket>();
  const listeners = new Set<ServerResponse>();

  function behave(each: Asked): unknown {
    const { what, id, to } = each;
    if (what === 'GET') {
      listeners.add(stream(each).on('close', () => listeners.delete(to)));
      return undefined;
    }
    return id === undefined || what === 'answer' ? to.writeHead(202).end() : give(each, results[what] ?? {});
  }

  const server = createServer((from, to) => {
    void text(from).then(
      (body) => {
        const { method, id, params = {} } = body ? JSON.parse(body) : { method: from.method };
        const what: string = method ?? 'answer';
        const nth = (asked[what] ?? 0) + 1;
        asked[what] = nth;
        const each: Asked = { what, nth, id, params, from, to };
        if (answer(each) !== true) behave(each);
      },
      () => undefined,
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    asked,
    sockets,
    async write(written) {
      await Promise.all([...listeners].map((to) => new Promise((resolve) => to.write(written, resolve))));
    },
    cut: () => listeners.forEach((to) => to.destroy()),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
