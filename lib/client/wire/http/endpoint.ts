import type { SchedulerLike } from 'rxjs';
import { ConnectionFailedError, MCPError, SessionExpiredError } from '../../../errors';
import { isRequest } from '../../../protocol/message';
import type { JSONRPCMessage, RequestId } from '../../../protocol/types';
import { ackTimeoutMs, withTimeout } from '../../../util/abort';
import type { HttpOptions } from '../../connection/connector';
import { sendError } from '../../connection/sendErrors';
import { operationOf } from '../../connection/operationOf';
import { toTypedError } from '../../connection/toTypedError';
import { type Authorizer, fetchAuthorized } from '../../http/fetchAuthorized';
import { fetchWithinOrigin, isRedirect, redirectedOperation, unfollowedRedirect } from '../../http/followRedirects';
import { httpError } from '../../http/httpError';
import { type Answer, eventStream, json, mayMeanUnknownSession, mediaTypeOf, readAnswer } from '../../http/readAnswer';
import { readErrorBody } from '../../http/readBody';
import { ping } from './ping';

/** The wire that an {@link Endpoint} belongs to. */
export interface EndpointHost {
  readonly scheduler: SchedulerLike;
  /** Returns the URL that messages are sent to. Default: the URL of the endpoint. */
  postUrl?(): URL;
  /**
   * Called when a POST fails with a network error, or with an unexplained status: the server may have been replaced.
   * `sentAt` is the time at which the POST was sent.
   */
  onRejectedPost?(sentAt: number): void;
  /** Whether the response to a request that is accepted with 202 may arrive on the GET stream. Default `false`. */
  mayRespondLater?(): boolean;
  /** Whether a POST is only acknowledged, and its response arrives on the GET stream. Default `false`. */
  readonly respondsOnGetStream?: boolean;
}

/** Sends the requests of one connection to a server's endpoint, with the headers of its session. */
export class Endpoint {
  /** The protocol version, once negotiated. */
  version: string | undefined;
  readonly #url: URL;
  readonly #options: Pick<HttpOptions, 'headers' | 'authProvider' | 'fetch'>;
  readonly #authorizer: Authorizer | undefined;
  readonly #host: EndpointHost;
  #sessionId: string | undefined;
  #rejected: Set<RequestId> | undefined;
  #isExpired = false;

  /** Does not send anything. */
  constructor(
    url: URL,
    options: Pick<HttpOptions, 'headers' | 'authProvider' | 'fetch'>,
    authorizer: Authorizer | undefined,
    host: EndpointHost,
  ) {
    this.#url = url;
    this.#options = options;
    this.#authorizer = authorizer;
    this.#host = host;
  }

  /** Whether the server assigned a session id. */
  get hasSession(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Whether the server rejected a request because it may not know the session. Valid until the request settles. */
  isRejected(id: RequestId): boolean {
    return this.#rejected?.has(id) ?? false;
  }

  /** Whether a ping has confirmed that the server does not know the session. Rejections are then not verified again. */
  get isExpired(): boolean {
    return this.#isExpired;
  }

  /** Sends a message. Rejects with a typed error. */
  post(message: JSONRPCMessage, signal: AbortSignal): Promise<Answer> {
    // The handshake has its own timeout, and a request has the timeout of its call.
    if (isRequest(message) || this.version === undefined) return this.#transmit(message, signal);
    const { scheduler } = this.#host;
    return withTimeout({ timeoutMs: ackTimeoutMs, scheduler, signal }, (limitedSignal) =>
      this.#transmit(message, limitedSignal),
    );
  }

  /** Opens an event stream. With `lastEventId`, the stream starts after that event. Rejects with a typed error. */
  async get(lastEventId: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const extra = { accept: eventStream, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
    const response = await this.#exchange(this.#url, { method: 'GET', signal }, extra);
    const { ok, status, body } = response;
    const type = mediaTypeOf(response);
    if (ok && body && type === eventStream) return body;
    if (ok) {
      await body?.cancel();
      const found = type ? `${type}, not an event stream` : 'no stream';
      throw new ConnectionFailedError(`listening: HTTP ${String(status)} with ${found}`, { status });
    }
    const { authProvider } = this.#options;
    const text = await readErrorBody(response, this.#host.scheduler);
    const { hasSession } = this;
    // With an event id, a 400 rejects that id and not the session.
    const isSuspect =
      mayMeanUnknownSession(status) && !this.#isRejection(status) && !(status === 400 && lastEventId !== undefined);
    const expired = hasSession && isSuspect && (await this.#isSessionUnknown(signal));
    const usesProvider = authProvider !== undefined;
    const operation = redirectedOperation('listening', response);
    throw httpError(response, text, { operation, expired, hasSession, usesProvider });
  }

  /**
   * Sends a ping. Resolves with whether the server has answered it. Rejects with a `SessionExpiredError` if the server does not
   * know the session, or with the network error.
   */
  async isAlive(signal: AbortSignal): Promise<boolean> {
    const outcome = await this.#ping(signal);
    if (outcome === 'rejected') {
      this.#isExpired = true;
      throw new SessionExpiredError('listening: the server does not know the session');
    }
    return outcome === 'answered';
  }

  /** Ends the session on the server, if there is one. */
  async terminate(): Promise<void> {
    if (!this.hasSession) return;
    const response = await this.#exchange(this.#url, { method: 'DELETE' }, {});
    await response.body?.cancel();
  }

  async #exchange(to: URL, init: RequestInit, extra: Record<string, string>): Promise<Response> {
    const { authProvider, fetch: request = fetch } = this.#options;
    const headers = new Headers(this.#options.headers);
    const tokens = authProvider && !headers.has('authorization') ? await authProvider.tokens() : undefined;
    if (tokens) headers.set('authorization', `Bearer ${tokens.access_token}`);
    if (this.#sessionId !== undefined) headers.set('mcp-session-id', this.#sessionId);
    if (this.version !== undefined) headers.set('mcp-protocol-version', this.version);
    for (const name in extra) headers.set(name, extra[name] ?? '');
    const sendToTarget = (full: RequestInit): Promise<Response> => fetchWithinOrigin(request, to, full);
    const response = await fetchAuthorized(sendToTarget, this.#authorizer, { ...init, headers });
    if (isRedirect(response)) {
      await response.body?.cancel();
      const reason = unfollowedRedirect(response, to) ?? `HTTP ${String(response.status)}`;
      throw new ConnectionFailedError(`connecting: ${reason}`, { status: response.status, retryable: false });
    }
    return response;
  }

  #send(body: string, signal: AbortSignal): Promise<Response> {
    const extra = { 'content-type': json, accept: `${json}, ${eventStream}` };
    const to = this.#host.postUrl?.() ?? this.#url;
    return this.#exchange(to, { method: 'POST', body, signal }, extra);
  }

  /** Whether the server no longer knows the session. Statuses and error texts are ambiguous, so a ping verifies them. */
  async #isSessionUnknown(signal: AbortSignal): Promise<boolean> {
    if (!this.#isExpired && (await this.#ping(signal)) === 'rejected') this.#isExpired = true;
    return this.#isExpired;
  }

  #ping(signal: AbortSignal): ReturnType<typeof ping> {
    return ping(
      {
        send: (body, limitedSignal) => this.#send(body, limitedSignal),
        meansUnknownSession: (status) => mayMeanUnknownSession(status) && !this.#isRejection(status),
        scheduler: this.#host.scheduler,
      },
      signal,
    );
  }

  /**
   * Whether a status rejects the credentials of the request, and therefore does not indicate whether the session
   * exists.
   */
  #isRejection(status: number): boolean {
    if (status !== 401 && status !== 403) return false;
    const { authProvider, headers } = this.#options;
    return authProvider !== undefined || new Headers(headers).has('authorization');
  }

  async #transmit(message: JSONRPCMessage, signal: AbortSignal): Promise<Answer> {
    const { respondsOnGetStream = false, scheduler } = this.#host;
    const sentAt = scheduler.now();
    const id = isRequest(message) ? message.id : undefined;
    let response: Response;
    try {
      response = await this.#send(JSON.stringify(message), signal);
    } catch (cause) {
      if (!signal.aborted && !(cause instanceof MCPError)) this.#host.onRejectedPost?.(sentAt);
      throw this.#sendError(cause);
    }
    const { hasSession } = this;
    // Also for a response that cannot be read, because the server keeps the session until it is deleted.
    if (response.ok) this.#sessionId = response.headers.get('mcp-session-id') ?? this.#sessionId;
    try {
      return await readAnswer(response, {
        operation: redirectedOperation(operationOf(message), response),
        id,
        hasSession,
        respondsOnGetStream,
        mayRespondLater: () => this.#host.mayRespondLater?.() ?? false,
        usesProvider: this.#options.authProvider !== undefined,
        isSessionUnknown: async (status) => {
          // Called before the ping, which may reach the server that replaces this one.
          this.#host.onRejectedPost?.(sentAt);
          return !this.#isRejection(status) && this.#isSessionUnknownTo(id, signal);
        },
        scheduler,
      });
    } catch (error) {
      if (error instanceof ConnectionFailedError && error.status !== undefined) this.#host.onRejectedPost?.(sentAt);
      throw this.#sendError(error);
    }
  }

  /** Checks the session after a request was rejected. Until that is done, the request counts as rejected. */
  async #isSessionUnknownTo(id: RequestId | undefined, signal: AbortSignal): Promise<boolean> {
    if (id === undefined) return this.#isSessionUnknown(signal);
    const rejected = (this.#rejected ??= new Set());
    rejected.add(id);
    try {
      return await this.#isSessionUnknown(signal);
    } finally {
      rejected.delete(id);
    }
  }

  #sendError(cause: unknown): Error {
    // Before the end of the handshake, an error fails the attempt. After it, the message may have reached the server.
    return this.version === undefined ? toTypedError(cause, 'connecting') : sendError(cause);
  }
}
