import type { SchedulerLike } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, MCPError, SessionExpiredError } from '../../../errors';
import { isNotification, isRequest, parseMessage } from '../../../protocol/message';
import type { JSONRPCMessage, RequestId } from '../../../protocol/types';
import { ackTimeoutMs, withTimeout } from '../../../util/abort';
import { reasonOf } from '../../../util/reasonOf';
import type { HttpOptions } from '../../connection/connector';
import { isUnreachable, neverSent } from '../../connection/neverSent';
import { toTypedError } from '../../connection/toTypedError';
import { type Authorizer, fetchAuthorized } from '../../http/authorizer';
import { fetchWithinOrigin, unfollowedRedirect } from '../../http/followRedirects';
import { httpError, isRedirect } from '../../http/httpError';
import {
  type Answer,
  answersRequest,
  eventStream,
  json,
  mayMeanUnknownSession,
  mediaTypeOf,
  readAnswer,
  namesUnknownSession,
} from '../../http/readAnswer';
import { readErrorBody } from '../../http/readBody';

/** Sends the requests of one connection to a server's endpoint, with the headers of its session. */
export interface Endpoint {
  /** The protocol version, once negotiated. */
  version: string | undefined;
  /** Whether the server assigned a session id. */
  hasSession(): boolean;
  /** Whether the server rejected a request because it may not know the session. Valid until the request settles. */
  isRejected(id: RequestId): boolean;
  /** Whether a ping has confirmed that the server does not know the session. Rejections are then not verified again. */
  isExpired(): boolean;
  /** Sends a message. Rejects with a typed error. */
  post(message: JSONRPCMessage, signal: AbortSignal): Promise<Answer>;
  /** Opens an event stream. With `lastEventId`, the stream starts after that event. Rejects with a typed error. */
  get(lastEventId: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /**
   * Sends a ping. Resolves with whether the server has answered it. Rejects with a `SessionExpiredError` if the server does not know the
   * session, or with the error of the network.
   */
  isAlive(signal: AbortSignal): Promise<boolean>;
  /** Ends the session on the server, if there is one. */
  terminate(): Promise<void>;
}

/** Options for {@link createEndpoint}. */
export interface EndpointOptions extends Pick<HttpOptions, 'headers' | 'authProvider' | 'fetch'> {
  authorizer: Authorizer | undefined;
  scheduler: SchedulerLike;
  /** Returns the URL that messages are sent to. Default: the URL of the endpoint. */
  postUrl?(): URL;
  /**
   * Called when a POST fails with a network error, or with an unexplained status: the server may have been replaced.
   * `sentAt` is the time at which the POST was sent.
   */
  onRefusal?(sentAt: number): void;
  /** Whether the response to a request that is accepted with 202 may arrive on the GET stream. Default `false`. */
  mayRespondLater?(): boolean;
  /** Whether a POST is only acknowledged, and its response arrives on the GET stream. Default `false`. */
  respondsOnGetStream?: boolean;
}

/** Timeout for the ping that verifies whether the server still knows the session, in milliseconds. */
const aliveTimeoutMs = 5_000;
const alive = { jsonrpc: '2.0', id: 'rx-mcp-alive', method: 'ping' } as const;

/** Creates the {@link Endpoint} of one connection. */
export function createEndpoint(url: URL, options: EndpointOptions): Endpoint {
  const {
    authProvider,
    authorizer,
    fetch: request = fetch,
    postUrl = () => url,
    respondsOnGetStream = false,
    mayRespondLater = () => false,
    onRefusal,
    scheduler,
  } = options;
  const rejected = new Set<RequestId>();
  let sessionId: string | undefined;
  let isExpired = false;

  async function headersOf(extra: Record<string, string>): Promise<Headers> {
    const headers = new Headers(options.headers);
    const tokens = authProvider && !headers.has('authorization') ? await authProvider.tokens() : undefined;
    if (tokens) headers.set('authorization', `Bearer ${tokens.access_token}`);
    if (sessionId !== undefined) headers.set('mcp-session-id', sessionId);
    if (endpoint.version !== undefined) headers.set('mcp-protocol-version', endpoint.version);
    for (const name in extra) headers.set(name, extra[name] ?? '');
    return headers;
  }

  async function exchange(to: URL, init: RequestInit, extra: Record<string, string>): Promise<Response> {
    const headers = await headersOf(extra);
    const sendToTarget = (full: RequestInit): Promise<Response> => fetchWithinOrigin(request, to, full);
    const response = await fetchAuthorized(sendToTarget, authorizer, { ...init, headers });
    if (isRedirect(response)) {
      await response.body?.cancel();
      const reason = unfollowedRedirect(response, to) ?? `HTTP ${String(response.status)}`;
      throw new ConnectionFailedError(`connecting: ${reason}`, { status: response.status, retryable: false });
    }
    return response;
  }

  function send(body: string, signal: AbortSignal): Promise<Response> {
    const extra = { 'content-type': json, accept: `${json}, ${eventStream}` };
    return exchange(postUrl(), { method: 'POST', body, signal }, extra);
  }

  /** Whether the server no longer knows the session. Statuses and error texts are ambiguous, so a ping verifies them. */
  async function isSessionUnknown(signal: AbortSignal): Promise<boolean> {
    if (!isExpired && (await ping(signal)) === 'rejected') isExpired = true;
    return isExpired;
  }

  async function ping(signal: AbortSignal): Promise<'answered' | 'rejected' | 'unclear'> {
    const response = await withTimeout({ timeoutMs: aliveTimeoutMs, scheduler, signal }, (limitedSignal) =>
      send(JSON.stringify(alive), limitedSignal),
    );
    const { ok, status } = response;
    const type = mediaTypeOf(response);
    if (ok && type !== json) {
      await response.body?.cancel();
      return type === eventStream ? 'answered' : 'unclear';
    }
    const text = await readErrorBody(response, scheduler);
    const isAnswer = answersRequest(
      parseMessage(text, () => undefined),
      alive.id,
    );
    if (ok || isAnswer) {
      if (text.includes('"error"') && namesUnknownSession(text)) return 'rejected';
      return isAnswer ? 'answered' : 'unclear';
    }
    return mayMeanUnknownSession(status) && !isRejection(status) ? 'rejected' : 'unclear';
  }

  /**
   * Whether a status rejects the credentials of the request, and therefore does not indicate whether the session
   * exists.
   */
  function isRejection(status: number): boolean {
    if (status !== 401 && status !== 403) return false;
    return authProvider !== undefined || new Headers(options.headers).has('authorization');
  }

  async function transmit(message: JSONRPCMessage, signal: AbortSignal): Promise<Answer> {
    const sentAt = scheduler.now();
    const operation = isRequest(message) || isNotification(message) ? message.method : 'responding';
    const response = await send(JSON.stringify(message), signal).catch((cause: unknown) => {
      if (!signal.aborted && !(cause instanceof MCPError)) onRefusal?.(sentAt);
      throw sendError(cause);
    });
    const id = isRequest(message) ? message.id : undefined;
    const answer = await readAnswer(response, {
      operation,
      id,
      hasSession: sessionId !== undefined,
      respondsOnGetStream,
      mayRespondLater,
      usesProvider: authProvider !== undefined,
      isSessionUnknown: async (status) => {
        // Called before the ping, which may reach the server that replaces this one.
        onRefusal?.(sentAt);
        if (isRejection(status)) return false;
        if (id !== undefined) rejected.add(id);
        return isSessionUnknown(signal).finally(() => id !== undefined && rejected.delete(id));
      },
      scheduler,
    }).catch((error: unknown) => {
      if (error instanceof ConnectionFailedError && error.status !== undefined) onRefusal?.(sentAt);
      throw sendError(error);
    });
    sessionId = response.headers.get('mcp-session-id') ?? sessionId;
    return answer;
  }

  function sendError(cause: unknown): Error {
    if (cause instanceof MCPError) return cause;
    const { message, code, shown } = reasonOf(cause);
    // Before the end of the handshake, an error fails the attempt. After it, the message may have reached the server.
    if (endpoint.version === undefined) return toTypedError(cause, 'connecting');
    const error = new ConnectionLostError(`sending: ${message}`, { cause: shown });
    if (isUnreachable(code, message)) neverSent.add(error);
    return error;
  }

  const endpoint: Endpoint = {
    version: undefined,
    hasSession: () => sessionId !== undefined,
    isRejected: (id) => rejected.has(id),
    isExpired: () => isExpired,
    post(message, signal) {
      // The handshake has its own timeout, and a request has the timeout of its call.
      if (isRequest(message) || endpoint.version === undefined) return transmit(message, signal);
      return withTimeout({ timeoutMs: ackTimeoutMs, scheduler, signal }, (limitedSignal) =>
        transmit(message, limitedSignal),
      );
    },
    async get(lastEventId, signal) {
      const extra = { accept: eventStream, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
      const response = await exchange(url, { method: 'GET', signal }, extra);
      const { ok, status, body } = response;
      const type = mediaTypeOf(response);
      if (ok && body && type === eventStream) return body;
      if (ok) {
        await body?.cancel();
        const found = type ? `${type}, not an event stream` : 'no stream';
        throw new ConnectionFailedError(`listening: HTTP ${String(status)} with ${found}`, { status });
      }
      const text = await readErrorBody(response, scheduler);
      const hasSession = sessionId !== undefined;
      // With an event id, a 400 rejects that id and not the session.
      const isSuspect =
        mayMeanUnknownSession(status) && !isRejection(status) && !(status === 400 && lastEventId !== undefined);
      const expired = hasSession && isSuspect && (await isSessionUnknown(signal));
      throw httpError(response, text, {
        operation: 'listening',
        expired,
        hasSession,
        usesProvider: authProvider !== undefined,
      });
    },
    async isAlive(signal) {
      const outcome = await ping(signal);
      if (outcome === 'rejected') {
        isExpired = true;
        throw new SessionExpiredError('listening: the server does not know the session');
      }
      return outcome === 'answered';
    },
    async terminate() {
      if (sessionId === undefined) return;
      const response = await exchange(url, { method: 'DELETE' }, {});
      await response.body?.cancel();
    },
  };
  return endpoint;
}
