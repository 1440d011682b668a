import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type SchedulerLike, Subscription } from 'rxjs';
import type { Authorizer } from '../../client/http/authorizer';
import { isRedirect, httpError } from '../../client/http/httpError';
import { limitBody, readErrorBody, readText } from '../../client/http/readBody';
import { maxMessageLength } from '../../client/http/sse/parseEvents';
import { ConnectionFailedError, ConnectionLostError, MCPError } from '../../errors';
import { isNotification, isRequest, isResponse, parseMessage } from '../../protocol/message';
import type { RequestId } from '../../protocol/types';
import { withTimeout, ackTimeoutMs } from '../../util/abort';
import { toTypedError } from '../../client/connection/toTypedError';
import { reasonOf } from '../../util/reasonOf';
import { neverSent } from '../../client/connection/neverSent';

type Body = ReadableStream<Uint8Array>;

/** A GET that somebody here asked for, to listen or to resume. */
export interface OpenGet {
  lastEventId: string | undefined;
  signal: AbortSignal;
  /** Takes the body of the stream, once the server has opened it. */
  opened(body: Body): void;
}

/** What stands behind the seam. */
export interface FetchSeamOptions {
  /** What really makes the requests. */
  fetch: FetchLike;
  /** What can be done about 401 and 403, if anything. */
  authorizer: Authorizer | undefined;
  /** The GETs that were asked for, by the event id that the SDK was told. */
  gets: ReadonlyMap<string, OpenGet>;
  /** Takes an answer that came in one piece. */
  received(id: RequestId, message: unknown): void;
  /** Takes the event stream that a request is answered with. */
  streamed(id: RequestId, body: Body): void;
  /**
   * A request is being sent, with `post`: unsubscribed from before the server has begun to answer, it is waited for no
   * longer. Left out where the SDK has a signal for each request.
   */
  posting?(id: RequestId, post: Subscription): void;
  /** The server is being told that this request is cancelled: nobody waits for its answer. */
  cancelled(id: unknown): void;
  scheduler: SchedulerLike;
}

/** One request on its way through. */
interface Exchange {
  input: Parameters<FetchLike>[0];
  init: RequestInit;
  headers: Headers;
}

const eventStream = 'text/event-stream';
/** The header that every message has after the handshake. */
const versionHeader = 'mcp-protocol-version';
/** The same for all who have nothing of their own to tell: it has no body that could be read. */
const nothing = new Response(null, { headers: { 'content-type': eventStream } });
/** How long a server may take to say whether a session is alive, in milliseconds. */
const aliveBound = 5_000;
/** The codes of connections that were never made, so that nothing was sent on them. */
const unreachable = new Set<unknown>(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const ping = JSON.stringify({ jsonrpc: '2.0', id: 'rx-mcp-alive', method: 'ping' });

/**
 * The `fetch` that the SDK's transport is given. Bodies are taken out here and read once; the SDK is left with the status
 * and the session id. What is no good answer becomes a typed error, but for redirects, which the SDK deals with.
 */
export function createFetchSeam(options: FetchSeamOptions): FetchLike {
  const { fetch, authorizer, gets, posting, received, streamed, cancelled, scheduler } = options;

  /** Makes the request; and again, if it can be authorized. */
  async function authorized({ input, init, headers }: Exchange): Promise<Response> {
    const tried = new Set<number>();
    for (;;) {
      const response = await fetch(input, { ...init, headers });
      if (!authorizer?.requiresAuthorization(response) || tried.has(response.status)) return response;
      tried.add(response.status);
      await response.body?.cancel();
      const authorization = await authorizer.authorize(response, headers.get('authorization'));
      if (authorization !== null) headers.set('authorization', authorization);
    }
  }

  /** Whether the session is gone: servers say so with 404, or with a 400 that can mean anything, so another message asks. */
  async function isGone({ input, init, headers }: Exchange): Promise<boolean> {
    const asking = new Headers(headers);
    asking.set('content-type', 'application/json');
    asking.set('accept', `application/json, ${eventStream}`);
    asking.delete('last-event-id');
    const limit = { bound: aliveBound, scheduler, signal: init.signal };
    const { status, body } = await withTimeout(limit, (signal) =>
      fetch(input, { ...init, method: 'POST', headers: asking, body: ping, signal }),
    );
    await body?.cancel();
    return status === 400 || status === 404;
  }

  async function get(exchange: Exchange): Promise<Response> {
    const { input, init } = exchange;
    const asked = gets.get(exchange.headers.get('last-event-id') ?? '');
    // The SDK would listen of its own accord once it is initialized; 405 tells it that there is nothing to listen to.
    if (!asked) return new Response(null, { status: 405 });
    // The SDK's own are for the next request, where it follows a redirect.
    const headers = new Headers(exchange.headers);
    if (asked.lastEventId === undefined) headers.delete('last-event-id');
    else headers.set('last-event-id', asked.lastEventId);
    const abortable = { ...init, signal: asked.signal };
    const response = await authorized({ input, init: abortable, headers });
    if (isRedirect(response)) return response;
    if (response.ok && response.body && mediaTypeOf(response) === eventStream) {
      asked.opened(response.body);
      return nothing;
    }
    if (response.ok) {
      await response.body?.cancel();
      throw new ConnectionFailedError(
        `listening: answered with ${String(mediaTypeOf(response))}, not an event stream`,
        {
          status: response.status,
        },
      );
    }
    const text = await readErrorBody(response, scheduler);
    const hasSession = headers.has('mcp-session-id');
    const doubtful = hasSession && (response.status === 404 || (response.status === 400 && !asked.lastEventId));
    const expired = doubtful && (await isGone({ input, init: abortable, headers }));
    throw httpError(response, text, { doing: 'listening', expired, hasSession });
  }

  async function post(exchange: Exchange): Promise<Response> {
    const { init, headers } = exchange;
    const message: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    if (isNotification(message) && message.method === 'notifications/cancelled')
      cancelled(message.params?.['requestId']);
    const id = isRequest(message) ? message.id : undefined;
    // The handshake has a limit of its own, and ends with the SDK's own signal.
    if (!headers.has(versionHeader) || isInitialized(message)) return posted(exchange, message, id);
    if (id === undefined) {
      const limit = { bound: ackTimeoutMs, scheduler, signal: init.signal };
      return withTimeout(limit, (signal) => posted({ ...exchange, init: { ...init, signal } }, message));
    }
    if (!posting) return posted(exchange, message, id);
    const controller = new AbortController();
    let isAnswered = false;
    const post = new Subscription(() => {
      if (!isAnswered) controller.abort();
    });
    posting(id, post);
    try {
      return await posted({ ...exchange, init: { ...init, signal: controller.signal } }, message, id);
    } finally {
      isAnswered = true;
      post.unsubscribe();
    }
  }

  async function posted(exchange: Exchange, message: unknown, id?: RequestId): Promise<Response> {
    const { headers } = exchange;
    const response = await send(exchange);
    if (isRedirect(response)) return response;
    if (!response.ok) {
      const text = await readErrorBody(response, scheduler);
      const hasSession = headers.has('mcp-session-id');
      const { status } = response;
      const expired = hasSession && (status === 404 || (status === 400 && (await isGone(exchange))));
      const answer = mediaTypeOf(response) === 'application/json' && !expired && parseMessage(text, () => undefined);
      if (id === undefined || !isResponse(answer) || !('id' in answer) || answer.id !== id) {
        throw httpError(response, text, { doing: methodOf(message), expired, hasSession });
      }
      received(id, answer);
      return withoutBody(response);
    }
    if (id === undefined) {
      await response.body?.cancel();
      return nothing;
    }
    const type = mediaTypeOf(response);
    if (type === eventStream && response.body) {
      streamed(id, response.body);
    } else if (type === 'application/json') {
      const text = await readText(response, maxMessageLength);
      const answer = parseMessage(text, (error) => {
        throw error;
      });
      received(id, answer);
    } else {
      await response.body?.cancel();
      throw new ConnectionFailedError(`${methodOf(message)}: answered with ${String(type)}`, {
        status: response.status,
      });
    }
    return withoutBody(response);
  }

  async function send(exchange: Exchange): Promise<Response> {
    try {
      return await authorized(exchange);
    } catch (cause) {
      if (cause instanceof MCPError) throw cause;
      // Before the handshake it is an attempt that failed; after it, nobody knows how far the message got.
      if (!exchange.headers.has(versionHeader)) throw toTypedError(cause, 'connecting');
      const { message, code, shown } = reasonOf(cause);
      const error = new ConnectionLostError(`sending: ${message}`, { cause: shown });
      if (unreachable.has(code)) neverSent.add(error);
      throw error;
    }
  }

  return async (input, init = {}) => {
    const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
    // Authorization's own requests, and the one that ends a session, are none of this.
    if (!headers.get('accept')?.includes(eventStream)) return limitBody(await fetch(input, init));
    return init.method === 'GET' ? get({ input, init, headers }) : post({ input, init, headers });
  };
}

/** What the SDK is left with: an event stream with nothing in it, whose body it does not read. */
function withoutBody({ headers }: Response): Response {
  const sessionId = headers.get('mcp-session-id');
  return sessionId === null
    ? nothing
    : new Response(null, { headers: { 'content-type': eventStream, 'mcp-session-id': sessionId } });
}

function mediaTypeOf({ headers }: Response): string | undefined {
  return headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}

function isInitialized(message: unknown): boolean {
  return isNotification(message) && message.method === 'notifications/initialized';
}

function methodOf(message: unknown): string {
  return isRequest(message) || isNotification(message) ? message.method : 'an answer';
}
