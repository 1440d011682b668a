import {
  defaultIfEmpty,
  defer,
  firstValueFrom,
  type Observable,
  of,
  type SchedulerLike,
  Subscription,
  switchMap,
  take,
  takeWhile,
  throwError,
  throwIfEmpty,
  timeout,
} from 'rxjs';
import { HandlerError, InvalidResultError, RequestTimeoutError, SessionClosedError } from '../../errors';
import type { Gap } from '../../notification/hub';
import { loggingLevels } from '../../notification/notificationMap';
import type {
  JSONRPCMessage,
  JSONRPCRequest,
  LoggingLevel,
  Notification,
  ProgressToken,
  Request,
  RequestId,
  Result,
} from '../../protocol/types';
import { methodNotFound } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import type { Connection } from '../connection/connection';
import { deliverInOrder } from './deliverInOrder';
import { changesAfterGap, errorAnswer, initializeResult } from './guestMessages';
import { createGuestProgress } from './guestProgress';
import { createGuestQuestions } from './guestQuestions';
import type { Guests } from './guests';

/**
 * An SDK `Transport` over a session, for any MCP client library; see `MCPSession.transport()`. It is also a `Transport` of
 * `@modelcontextprotocol/client` and an `MCPTransport` of `@ai-sdk/mcp`.
 */
export interface SessionTransport {
  /** Starts delivering the server's messages. Called by the client library. */
  start(): Promise<void>;
  /**
   * Sends a message of the client library. Rejects with the session's typed error if the message is `initialize` and the session
   * cannot connect. Any other request that fails is answered with a JSON-RPC error, which has the name of the typed error in
   * `data.name`.
   */
  send(message: JSONRPCMessage): Promise<void>;
  /** Cancels open requests and calls `onclose`. The session stays open. */
  close(): Promise<void>;
  /** Called once, when the transport is closed or the session ends. Set by the client library. */
  onclose?: () => void;
  /** Called with errors that belong to no request. Set by the client library. */
  onerror?: (error: Error) => void;
  /** Called with each message of the server, in order. Set by the client library. */
  onmessage?: (message: JSONRPCMessage) => void;
}

/** The public members of a session that its transports use. */
export interface TransportSession {
  readonly notifications$: Observable<Notification>;
  readonly gaps$: Observable<Gap>;
  readonly connections$: Observable<Connection>;
  readonly status$: Observable<{ state: 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed' }>;
  connect(): Promise<void>;
  request$(
    method: string,
    params: Request['params'],
    options: { timeout: number; progressToken: ProgressToken },
  ): Observable<{ kind: 'progress' } | { kind: 'task' } | { kind: 'result'; result: Result }>;
  notify(method: string, params: Notification['params']): Promise<void>;
  setLoggingLevel(level: LoggingLevel): Promise<void>;
}

/** The state that a transport shares with the session and its other transports. */
export interface TransportContext {
  guests: Guests;
  /** Subscribes to updates of a resource, on the current connection and each new one, until the transport releases it. */
  hold(uri: string, transport: SessionTransport): Promise<void>;
  release(uri: string, transport: SessionTransport): void;
  /** Whether a request without a connection waits for one or fails. */
  offline: 'wait' | 'fail';
  scheduler: SchedulerLike;
}

/** How long a request waits for a connection, in milliseconds. Once it is sent, the timeout of the client library applies. */
const offlineTimeoutMs = 60_000;

/** Client notifications that are not forwarded: the session is already initialized, and the roots are the session's. */
const ownNotifications = new Set(['notifications/initialized', 'notifications/roots/list_changed']);

/** Creates a transport over a session. */
export function createSessionTransport(session: TransportSession, context: TransportContext): SessionTransport {
  const running = new Subscription();
  const requests = new Map<RequestId, Subscription>();
  const held = new Set<string>();
  const transport: SessionTransport = { start, send, close };
  const deliver = deliverInOrder((message) => {
    try {
      if (!running.closed) transport.onmessage?.(message);
    } catch (cause) {
      transport.onerror?.(new HandlerError('session transport: onmessage threw', { cause }));
    }
  });
  const progress = createGuestProgress();
  const questions = createGuestQuestions(deliver);
  let current: Connection | undefined;
  let initialized = false;

  function start(): Promise<void> {
    if (running.closed) return Promise.reject(closedError('start'));
    running.add(session.notifications$.subscribe(forward));
    running.add(session.connections$.subscribe((connection) => (current = connection)));
    running.add(
      session.gaps$.subscribe(() => {
        for (const change of changesAfterGap(current?.capabilities ?? {}, held)) forward(change);
      }),
    );
    // Before the client is initialized, the failure of `initialize` reports that the session is closed.
    const open$ = session.status$.pipe(takeWhile(({ state }) => state !== 'closed' || !initialized));
    running.add(open$.subscribe({ complete: () => initialized && void close() }));
    return Promise.resolve();
  }

  async function send(message: JSONRPCMessage): Promise<void> {
    if (running.closed) throw closedError('send');
    if (!('method' in message)) questions.settle(message);
    else if (!('id' in message)) await notify(message);
    else if (message.method === 'initialize') await initialize(message);
    else request(message);
  }

  function close(): Promise<void> {
    if (running.closed) return Promise.resolve();
    running.unsubscribe();
    for (const open of requests.values()) open.unsubscribe();
    requests.clear();
    questions.close();
    held.forEach(unsubscribe);
    transport.onclose?.();
    return Promise.resolve();
  }

  function forward({ method, params }: Notification): void {
    const isProgress = method === 'notifications/progress';
    const own = isProgress ? progress.translate(params) : params;
    if (own || !isProgress) deliver({ jsonrpc: '2.0', method, ...(own && { params: own }) });
  }

  async function initialize({ id, params }: JSONRPCRequest): Promise<void> {
    const declared: unknown = params?.['capabilities'];
    const capabilities = isObject(declared) ? declared : {};
    running.add(context.guests.add({ capabilities, isBusy: () => requests.size > 0, ask: questions.ask }));
    const { state } = await firstValueFrom(session.status$);
    // `connect()` would skip the delay of the reconnect policy.
    if (state !== 'reconnecting') await session.connect();
    const ended = (): Error => new SessionClosedError('initialize: the session is closed');
    const connection = await firstValueFrom(session.connections$.pipe(take(1), throwIfEmpty(ended)));
    initialized = true;
    deliver({ jsonrpc: '2.0', id, result: initializeResult(connection, params?.['protocolVersion']) });
  }

  async function notify({ method, params }: Notification): Promise<void> {
    const id = params?.['requestId'];
    if (method === 'notifications/cancelled' && (typeof id === 'string' || typeof id === 'number')) {
      requests.get(id)?.unsubscribe();
      settled(id, false);
    } else if (!ownNotifications.has(method)) {
      await session.notify(method, params);
    }
  }

  function request({ id, method, params }: JSONRPCRequest): void {
    const open = new Subscription();
    requests.set(id, open);
    open.add(
      result$(id, { method, params }).subscribe({
        next(result) {
          settled(id, isObject(result['task']));
          deliver({ jsonrpc: '2.0', id, result });
        },
        error(error: unknown) {
          settled(id, false);
          // The client validates the result itself.
          if (error instanceof InvalidResultError && isObject(error.result)) {
            deliver({ jsonrpc: '2.0', id, result: error.result });
          } else {
            deliver({ jsonrpc: '2.0', id, error: errorAnswer(error) });
          }
        },
      }),
    );
  }

  function settled(id: RequestId, isTask: boolean): void {
    requests.delete(id);
    progress.close(id, isTask);
  }

  function result$(id: RequestId, { method, params }: Request): Observable<Result> {
    const level = loggingLevels.find((name) => name === params?.['level']);
    const uri = params?.['uri'];
    // A client of a later protocol version then falls back to `initialize`.
    if (method === 'server/discover') return throwError(() => methodNotFound(method));
    // The session stores log level and subscriptions, and restores them on each new connection.
    if (method === 'logging/setLevel' && level) return done$(() => session.setLoggingLevel(level));
    if (method === 'resources/subscribe' && typeof uri === 'string') return done$(() => subscribe(uri));
    if (method === 'resources/unsubscribe' && typeof uri === 'string') return done$(() => unsubscribe(uri));
    return connected$(method).pipe(
      switchMap(() => {
        const progressToken = progress.open(id, params?._meta?.progressToken);
        return session.request$(method, params, { timeout: Infinity, progressToken });
      }),
      switchMap((event) => (event.kind === 'result' ? of(event.result) : [])),
    );
  }

  async function subscribe(uri: string): Promise<void> {
    if (held.has(uri)) return;
    held.add(uri);
    try {
      await context.hold(uri, transport);
    } catch (error) {
      unsubscribe(uri);
      throw error;
    }
  }

  function unsubscribe(uri: string): void {
    if (held.delete(uri)) context.release(uri, transport);
  }

  /** Emits once a request can be sent or fails immediately. The timeout applies to this wait, not to the request. */
  function connected$(method: string): Observable<unknown> {
    if (context.offline === 'fail') return of(undefined);
    const timedOut$ = throwError(
      () =>
        new RequestTimeoutError(`${method}: no connection after ${offlineTimeoutMs} ms`, { timeout: offlineTimeoutMs }),
    );
    return session.connections$.pipe(
      timeout({ first: offlineTimeoutMs, with: () => timedOut$, scheduler: context.scheduler }),
      take(1),
      defaultIfEmpty(undefined),
    );
  }

  return transport;
}

function closedError(operation: string): SessionClosedError {
  return new SessionClosedError(`${operation}: the transport is closed`);
}

/** Runs an action, then emits an empty result. */
function done$(act: () => Promise<void> | void): Observable<Result> {
  return defer(async () => {
    await act();
    return {};
  });
}
