import { defaultIfEmpty, defer, type Observable, of, Subscription, switchMap, take, throwError, timeout } from 'rxjs';
import {
  ConnectionLostError,
  InvalidResultError,
  MCPError,
  RequestTimeoutError,
  ServerError,
  SessionClosedError,
  UnauthorizedError,
} from '../../errors';
import { loggingLevels } from '../../notification/notificationMap';
import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import type { JSONRPCMessage, JSONRPCRequest, Request, RequestId, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { ClientProgress } from './clientProgress';
import type { SessionTransport, TransportContext, TransportSession } from './transport';

/** The pending requests of a client, and the resources that it is subscribed to. */
interface ClientRequests {
  /** Sends a request over the session, and delivers the response to the client. */
  send(request: JSONRPCRequest): void;
  cancel(id: RequestId): void;
  /** The number of pending requests. */
  readonly size: number;
  /** The URIs of the resources that the client is subscribed to. */
  readonly subscribed: ReadonlySet<string>;
  /** Cancels all pending requests, and unsubscribes from all resources. */
  close(): void;
}

interface ClientRequestsContext extends TransportContext {
  transport: SessionTransport;
  progress: ClientProgress;
  deliver(message: JSONRPCMessage): void;
}

/**
 * How long a request waits for a connection, in milliseconds. After the request was sent, the client's own timeout
 * applies.
 */
const offlineTimeoutMs = 60_000;

export function createClientRequests(session: TransportSession, context: ClientRequestsContext): ClientRequests {
  const { transport, progress, deliver } = context;
  const requests = new Map<RequestId, Subscription>();
  const subscribed = new Set<string>();

  function send({ id, method, params }: JSONRPCRequest): void {
    const open = new Subscription();
    requests.set(id, open);
    open.add(
      result$(id, { method, params }).subscribe({
        next(result) {
          remove(id, isObject(result['task']));
          deliver({ jsonrpc: '2.0', id, result });
        },
        error(error: unknown) {
          remove(id, false);
          // The client validates the result itself.
          if (error instanceof InvalidResultError && isObject(error.result)) {
            deliver({ jsonrpc: '2.0', id, result: error.result });
          } else {
            deliver({ jsonrpc: '2.0', id, error: errorObjectOf(error) });
          }
        },
      }),
    );
  }

  function remove(id: RequestId, isTask: boolean): void {
    requests.delete(id);
    progress.close(id, isTask);
  }

  function result$(id: RequestId, { method, params }: Request): Observable<Result> {
    const level = loggingLevels.find((name) => name === params?.['level']);
    const uri = params?.['uri'];
    // A client of protocol 2026-07-28 then falls back to `initialize`.
    if (method === 'server/discover') return throwError(() => methodNotFound(method));
    // The session stores the log level and the subscriptions, to restore them on each new connection.
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
    if (subscribed.has(uri)) return;
    subscribed.add(uri);
    try {
      await context.subscribe(uri, transport);
    } catch (error) {
      unsubscribe(uri);
      throw error;
    }
  }

  function unsubscribe(uri: string): void {
    if (subscribed.delete(uri)) context.unsubscribe(uri, transport);
  }

  /**
   * Emits when there is a connection or requests fail immediately. The timeout applies to this wait, not to the
   * request.
   */
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

  return {
    send,
    cancel(id) {
      requests.get(id)?.unsubscribe();
      remove(id, false);
    },
    get size() {
      return requests.size;
    },
    subscribed,
    close() {
      for (const open of requests.values()) open.unsubscribe();
      requests.clear();
      subscribed.forEach(unsubscribe);
    },
  };
}

/** Runs an action, then emits an empty result. */
function done$(action: () => Promise<void> | void): Observable<Result> {
  return defer(async () => {
    await action();
    return {};
  });
}

/** The error code that the SDK uses for a timeout. */
const timeoutCode = -32001;

/** Returns the JSON-RPC error for a failed request of a client. `data.name` is the name of the typed error. */
function errorObjectOf(error: unknown): { code: number; message: string; data?: unknown } {
  if (error instanceof ServerError) {
    return { code: error.code, message: error.message, ...(error.data !== undefined && { data: error.data }) };
  }
  const data = error instanceof MCPError ? { name: error.name, retryable: error.retryable } : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { code: codeOf(error), message, ...(data && { data }) };
}

function codeOf(error: unknown): number {
  if (error instanceof RequestTimeoutError) return timeoutCode;
  const isDisconnected = [ConnectionLostError, SessionClosedError, UnauthorizedError].some(
    (kind) => error instanceof kind,
  );
  return isDisconnected ? errorCode.connectionClosed : errorCode.internalError;
}
