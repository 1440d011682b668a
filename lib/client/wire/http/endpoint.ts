import type { SchedulerLike } from 'rxjs';
import { ConnectionFailedError, MCPError, SessionExpiredError } from '../../../errors';
import { isInitialized, isRequest } from '../../../protocol/message';
import type { JSONRPCMessage, RequestId } from '../../../protocol/types';
import { withTimeout } from '../../../util/abort';
import type { HttpOptions } from '../../connection/connector';
import { hasStatus } from '../../connection/hasStatus';
import { sendError } from '../../connection/sendErrors';
import { operationOf } from '../../connection/operationOf';
import { toTypedError } from '../../connection/toTypedError';
import { type Authorizer, fetchAuthorized } from '../../http/fetchAuthorized';
import { isRedirect, redirectedOperation, redirectError } from '../../http/fetchWithinOrigin';
import { httpError } from '../../http/httpError';
import {
  type Answer,
  eventStream,
  json,
  mayMeanUnknownSession,
  mediaTypeOf,
  type PostContext,
  readAnswer,
} from '../../http/readAnswer';
import { readErrorBody } from '../../http/readBody';
import { startBody, completeBody } from '../../http/startedBody';
import { ping } from './ping';

/** Callbacks and properties of the wire that an {@link Endpoint} belongs to. */
export interface EndpointHost {
  readonly scheduler: SchedulerLike;
  /** Returns the URL to send messages to. Default: the URL of the endpoint. */
  postUrl?(): URL;
  /**
   * Called when a POST fails with a network error or an unexpected status, which may mean that the server was replaced.
   *
   * @param sentAt - when the POST was sent, in milliseconds since the Unix epoch.
   */
  onRejectedPost?(sentAt: number): void;
  /**
   * Returns whether the JSON-RPC response may arrive on the GET stream if the server responds to a POST with 202.
   * Default `false`.
   */
  mayRespondLater?(): boolean;
  /** See {@link PostContext.readAcknowledgement}. */
  readonly readAcknowledgement?: PostContext['readAcknowledgement'];
}

/** Sends the HTTP requests of one connection, with the headers of its session. */
export class Endpoint {
  /** The negotiated protocol version. `undefined` during the handshake. */
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

  /** Whether the server has assigned a session id. */
  get hasSession(): boolean {
    return this.#sessionId !== undefined;
  }

  /**
   * Whether the server has rejected a request, possibly because the session has expired. Valid until the request
   * settles.
   */
  isRejected(id: RequestId): boolean {
    return this.#rejected?.has(id) ?? false;
  }

  /** Whether a ping has confirmed that the session has expired. Further rejections are then not checked. */
  get isExpired(): boolean {
    return this.#isExpired;
  }

  /** Sends a message. Rejects with a typed error. */
  post(message: JSONRPCMessage, signal: AbortSignal): Promise<Answer> {
    // Requests have their own timeouts, and the messages of the handshake share one.
    if (isRequest(message) || isInitialized(message)) return this.#transmit(message, signal);
    const { scheduler } = this.#host;
    return withTimeout({ scheduler, signal }, (limitedSignal) => this.#transmit(message, limitedSignal));
  }

  /** Opens a GET stream. With `lastEventId`, the stream starts after this event. Rejects with a typed error. */
  async get(lastEventId: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const extraHeaders = { accept: eventStream, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
    const response = await this.#exchange(this.#url, { method: 'GET', signal }, extraHeaders);
    const { ok, status, body } = response;
    const type = mediaTypeOf(response);
    if (ok && body && type === eventStream) return body;
    if (ok) {
      // Some servers omit the `Content-Type` of a stream, or send a wrong one.
      const started = body && (await startBody(body));
      if (started?.isEventStream) return completeBody(started);
      await started?.reader.cancel();
      const found = type ? `${type}, not an event stream` : 'no stream';
      throw new ConnectionFailedError(`listening: HTTP ${String(status)} with ${found}`, { status });
    }
    const { authProvider } = this.#options;
    const text = await readErrorBody(response, this.#host.scheduler);
    const { hasSession } = this;
    // In response to a request with an event id, a 400 rejects the event id, not the session.
    const mayBeExpired =
      mayMeanUnknownSession(status) && !this.#isRejection(status) && !(status === 400 && lastEventId !== undefined);
    const isExpired = hasSession && mayBeExpired && (await this.#isSessionUnknown(signal));
    const usesProvider = authProvider !== undefined;
    const operation = redirectedOperation('listening', response);
    throw httpError(response, text, { operation, isExpired, hasSession, usesProvider });
  }

  /**
   * Sends a ping. Resolves with whether the server has answered it. Rejects with a `SessionExpiredError` if the server
   * does not recognize the session, and with the network error if the server is unreachable.
   */
  async isAlive(signal: AbortSignal): Promise<boolean> {
    const outcome = await this.#ping(signal);
    if (outcome === 'rejected') {
      this.#isExpired = true;
      throw new SessionExpiredError('listening: the server does not know the session');
    }
    return outcome === 'answered';
  }

  /** Ends the session on the server, if there is one. Sends nothing after the signal has aborted. */
  async terminate(signal: AbortSignal): Promise<void> {
    if (!this.hasSession) return;
    const response = await this.#exchange(this.#url, { method: 'DELETE', signal }, {});
    await response.body?.cancel();
  }

  async #exchange(target: URL, init: RequestInit, extraHeaders: Record<string, string>): Promise<Response> {
    const { authProvider, fetch: request = fetch } = this.#options;
    const headers = new Headers(this.#options.headers);
    if (authProvider && !headers.has('authorization')) {
      const { scheduler } = this.#host;
      const limit = { scheduler, signal: init.signal, operation: 'authProvider.tokens()' };
      const tokens = await withTimeout(limit, async () => authProvider.tokens());
      if (tokens) headers.set('authorization', `Bearer ${tokens.access_token}`);
    }
    if (this.#sessionId !== undefined) headers.set('mcp-session-id', this.#sessionId);
    if (this.version !== undefined) headers.set('mcp-protocol-version', this.version);
    for (const name in extraHeaders) headers.set(name, extraHeaders[name] ?? '');
    const response = await fetchAuthorized(request, target, { ...init, headers }, this.#authorizer);
    if (isRedirect(response)) {
      await response.body?.cancel();
      throw await redirectError(response, target);
    }
    return response;
  }

  #send(body: string, signal: AbortSignal): Promise<Response> {
    const extraHeaders = { 'content-type': json, accept: `${json}, ${eventStream}` };
    const target = this.#host.postUrl?.() ?? this.#url;
    return this.#exchange(target, { method: 'POST', body, signal }, extraHeaders);
  }

  /** Checks with a ping whether the session has expired, because statuses and error texts are ambiguous. */
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

  /** Whether a status rejects the credentials of the request, so that it does not say anything about the session. */
  #isRejection(status: number): boolean {
    if (status !== 401 && status !== 403) return false;
    const { authProvider, headers } = this.#options;
    return authProvider !== undefined || new Headers(headers).has('authorization');
  }

  async #transmit(message: JSONRPCMessage, signal: AbortSignal): Promise<Answer> {
    const { readAcknowledgement, scheduler } = this.#host;
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
    // Even if the response cannot be read, the session id is needed to delete the session.
    if (response.ok) this.#sessionId = response.headers.get('mcp-session-id') ?? this.#sessionId;
    try {
      return await readAnswer(response, {
        operation: redirectedOperation(operationOf(message), response),
        id,
        hasSession,
        readAcknowledgement,
        mayRespondLater: () => this.#host.mayRespondLater?.() ?? false,
        usesProvider: this.#options.authProvider !== undefined,
        isSessionUnknown: async (status) => {
          // Called before the ping, because the ping may reach the server that has replaced this one.
          this.#host.onRejectedPost?.(sentAt);
          return !this.#isRejection(status) && this.#isSessionUnknownTo(id, signal);
        },
        scheduler,
      });
    } catch (error) {
      if (hasStatus(error)) this.#host.onRejectedPost?.(sentAt);
      throw this.#sendError(error);
    }
  }

  /**
   * Checks whether the session has expired after a request was rejected. In the meantime, the request counts as
   * rejected.
   */
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
    // During the handshake, an error fails the attempt. After the handshake, the message may have reached the server.
    return this.version === undefined ? toTypedError(cause, 'connecting') : sendError(cause);
  }
}
