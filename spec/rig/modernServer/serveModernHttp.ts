import { createMcpHandler, InMemoryServerEventBus, type ServerEventBus } from '@modelcontextprotocol/server';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { text } from 'node:stream/consumers';
import { BehaviorSubject, type Observable } from 'rxjs';
import { listen } from '../listen';
import { createModernServer, createWorld, type World } from './createModernServer';

/** A modern server over HTTP in this process. */
export interface ModernHttpServer {
  readonly url: string;
  readonly port: number;
  /** The number of open subscriptions, then each change. */
  readonly subscriptions$: Observable<number>;
  /** Ends the subscriptions gracefully, and closes the server. */
  close(): Promise<void>;
}

/** Options for {@link serveModernHttp}. */
export interface ServeModernHttpOptions {
  /** The loopback port. Default: a free one. */
  port?: number;
  world?: World;
  /** The interval between comments on silent streams, in milliseconds. */
  keepAliveMs?: number;
  /** Whether to reject clients of earlier versions. */
  modernOnly?: boolean;
}

/** Serves the modern server over HTTP, on the loopback interface. */
export async function serveModernHttp({
  port = 0,
  world = createWorld(),
  keepAliveMs,
  modernOnly = false,
}: ServeModernHttpOptions = {}): Promise<ModernHttpServer> {
  const bus = countingBus();
  const { fetch, close, notify } = createMcpHandler(
    () =>
      createModernServer(world, (change) => {
        if (change.kind === 'resource') notify.resourceUpdated(change.uri);
        else notify[`${change.kind}Changed`]();
      }),
    { bus, keepAliveMs, legacy: modernOnly ? 'reject' : 'stateless' },
  );
  const server = createServer((request, response) => {
    answer(request, response, fetch).catch(() => response.destroy());
  });
  const { close: closeHttp, ...address } = await listen(server, port);
  return {
    ...address,
    subscriptions$: bus.open$,
    close: async () => {
      await close();
      await closeHttp();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const { method = 'GET', headers } = request;
  const {
    status,
    headers: answered,
    body,
  } = await fetch(
    new Request(`http://127.0.0.1${request.url ?? '/'}`, {
      method,
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: method === 'POST' ? await text(request) : undefined,
    }),
  );
  response.writeHead(status, Object.fromEntries(answered));
  response.flushHeaders();
  // If the client has disconnected, the body is cancelled.
  if (body) await pipeline(Readable.fromWeb(body as ReadableStream), response).catch(() => undefined);
  else response.end();
}

function countingBus(): ServerEventBus & { open$: BehaviorSubject<number> } {
  const bus = new InMemoryServerEventBus();
  const open$ = new BehaviorSubject(0);
  return {
    open$,
    publish: (event) => bus.publish(event),
    subscribe: (listener) => {
      const leave = bus.subscribe(listener);
      open$.next(open$.value + 1);
      return () => {
        leave();
        open$.next(open$.value - 1);
      };
    },
  };
}
