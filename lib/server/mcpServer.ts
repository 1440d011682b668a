import { asyncScheduler, firstValueFrom, merge, type Observable, timer } from 'rxjs';
import { ConfigError, ConnectionLostError, type MCPError, SessionClosedError } from '../errors';
import type { Implementation, Notification } from '../protocol/types';
import { assertJson } from '../util/assertJson';
import { assertOptions, hasStrings, isAtLeast, isFunction, isNonEmptyString } from '../util/options';
import { assertMessage } from './assertMessage';
import type { ServerCall } from './calls';
import { serveHttp, type FetchOptions } from './httpEndpoint';
import { type HttpReply, refuse, toResponse } from './httpReply';
import { type HttpRequest, WebRequest } from './httpRequest';
import type { ModernEra } from './modernEra';
import { assertTarget, type NotifyTarget } from './notifyTarget';
import type { ServerHandler } from './requestHandlers';
import { createServerCore, type ServerCore } from './serverCore';
import { resolveOptions, type MCPServerOptions } from './serverOptions';
import type { ServerSession } from './serverSession';
import { type ServerStatus, statusOf } from './serverStatus';
import type { ServerTransport } from './transportEndpoint';

/**
 * An MCP server whose tools, lists and resources are streams. Serves protocol versions up to 2025-11-25 as well as
 * 2026-07-28, over HTTP and over any SDK transport.
 *
 * @example
 * const server = new MCPServer({ name: 'ops', version: '1.0.0' }, { tools: [tool('now', {}, () => new Date().toISOString())] });
 * http.createServer(toNodeHandler(server)).listen(3000, '127.0.0.1');
 */
export class MCPServer {
  /** Emits the current sessions of this node, then each new one. Completes on {@link MCPServer.close}; never errors. */
  readonly sessions$: Observable<ServerSession>;
  /**
   * Every notification from a client, in wire order per session. Hot. Completes on {@link MCPServer.close}; never
   * errors.
   */
  readonly notifications$: Observable<{ session?: ServerSession; notification: Notification }>;
  /**
   * An event for each call that starts, reports progress or ends, for metrics and logs. Hot. Completes on
   * {@link MCPServer.close}; never errors.
   */
  readonly calls$: Observable<ServerCall>;
  /**
   * Errors that do not belong to a call, as typed errors. Hot. Completes on {@link MCPServer.close}; never errors.
   * Without a subscriber, the errors are discarded: they are neither logged nor thrown.
   */
  readonly errors$: Observable<MCPError>;
  /**
   * The current status, then each change, at most once per 100 ms. Completes on {@link MCPServer.close}; never errors.
   */
  readonly status$: Observable<ServerStatus>;
  readonly #core: ServerCore;
  readonly #loadModern: (() => Promise<ModernEra>) | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #closing: Promise<void> | undefined;

  /**
   * Creates a server. Serve it over HTTP with {@link MCPServer.fetch} or `toNodeHandler`, or over a transport with
   * {@link MCPServer.connect}.
   *
   * @param info - the name and version of the server, sent to clients in the handshake.
   * @param options - the tools, prompts, resources and limits of the server. Default: `{}`.
   * @throws `ConfigError` if an option is invalid.
   */
  constructor(info: Implementation, options: MCPServerOptions = {}) {
    hasStrings('name', 'version')(info, 'info');
    assertJson(info, 'info');
    this.#core = createServerCore(info, resolveOptions(options));
    if (options.eras !== 'legacy') this.#loadModern = modernLoader(this.#core);
    const { sessions, clientMessages, calls, errors$ } = this.#core;
    this.sessions$ = sessions.sessions$;
    this.notifications$ = clientMessages.notifications$;
    this.calls$ = calls.calls$;
    this.errors$ = errors$.asObservable();
    this.status$ = statusOf(this.#core);
  }

  /**
   * Serves a web-standard `Request`. Never rejects. Bound to the server, so it can be passed as a callback. On
   * platforms with fetch handlers, `export default server` is sufficient. For Node, Express, Fastify and Nest, use
   * `toNodeHandler(server)`.
   *
   * @param request - the request.
   * @param options - the authorization, and the body if a middleware has parsed it. Default: `{}`.
   */
  readonly fetch = async (request: Request, options: FetchOptions = {}): Promise<Response> => {
    const reply = await this.reply(new WebRequest(request), options);
    if (request.signal.aborted) reply.onUndelivered?.();
    return toResponse(reply);
  };

  /**
   * Like {@link MCPServer.fetch}, for adapters of other platforms.
   *
   * @internal
   */
  async reply(request: HttpRequest, options: FetchOptions): Promise<HttpReply> {
    if (this.#state !== 'open') return refuse(503, 'server: closed');
    try {
      return await serveHttp(this.#core, this.#loadModern, request, options);
    } catch (error) {
      if (error instanceof SessionClosedError) return refuse(503, error.message);
      this.#core.report(error);
      if (error instanceof ConnectionLostError) {
        return refuse(503, 'server: the backplane is unreachable', { headers: { 'retry-after': '1' } });
      }
      return refuse(500, 'internal error', { code: -32603 });
    }
  }

  /**
   * Serves one client over an SDK transport, for example stdio. Resolves when the transport closes. Rejects if the
   * transport cannot be started. On a closed server, closes the transport and rejects with a `SessionClosedError`.
   *
   * @param transport - a transport that has not been started.
   * @throws `ConfigError` if the argument is not a transport.
   */
  async connect(transport: ServerTransport): Promise<void> {
    const { serveTransport } = await import('./transportEndpoint');
    await serveTransport(this.#core, this.#loadModern, transport, this.#state !== 'open');
  }

  /**
   * Sends a notification to the clients of all nodes, or to those that match a target. Resolves when the notification
   * is in the log, from which clients that are currently not listening receive it later.
   *
   * Rejects with a `ConfigError` if the params are not JSON or the target is invalid, and with a `SessionClosedError`
   * if the server is closed.
   *
   * @param method - the method of the notification.
   * @param params - the params, which JSON must be able to represent. Default: none.
   * @param to - one session, the sessions of one principal, or the sessions that are subscribed to a URI. Default: all
   *   sessions.
   */
  async notify(method: string, params?: Record<string, unknown>, to?: NotifyTarget): Promise<void> {
    assertMessage(method, params);
    if (to !== undefined) assertTarget(to);
    const { broadcast, settings, sessions } = this.#core;
    if (this.#state === 'closed') throw new SessionClosedError('notify: the server is closed');
    if (!to || !('session' in to)) return broadcast(method, params, to);
    const session = sessions.local(to.session);
    if (session) return session.notify(method, params);
    // A server with one node has all its sessions here.
    if (!settings.isShared) return;
    const frame = JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) });
    await settings.backplane.append(`g:${to.session}`, frame);
  }

  /**
   * Notifies subscribed clients that a resource was updated. Needed only for updates that the resource's own stream
   * does not emit. Coalesced with those that it emits. Has no effect on a closed server.
   *
   * @param uri - the URI of the resource.
   * @throws `ConfigError` if the URI is not a string.
   */
  resourceUpdated(uri: string): void {
    isNonEmptyString(uri, 'uri');
    this.#core.updated(uri);
  }

  /**
   * Notifies clients that the list of tools has changed. Needed only for changes that no stream emits, for example if
   * the `tools` option is a function. Coalesced with the changes that a stream emits. Has no effect on a closed server.
   */
  toolsChanged(): void {
    this.#core.lists.tools?.changed();
  }

  /** Notifies clients that the list of prompts has changed. See {@link MCPServer.toolsChanged}. */
  promptsChanged(): void {
    this.#core.lists.prompts?.changed();
  }

  /** Notifies clients that the list of resources has changed. See {@link MCPServer.toolsChanged}. */
  resourcesChanged(): void {
    this.#core.lists.resources?.changed();
  }

  /**
   * Registers the handler for requests with a custom method.
   *
   * @param method - a method that the protocol does not define.
   * @param project - handles a request: returns an Observable, a promise, a generator or one value. The last object
   *   that it emits is the result.
   * @returns a function that removes the handler.
   * @throws `ConfigError` if an argument is invalid or the method already has a handler, and `SessionClosedError` if
   *   the server is closed.
   */
  handle(method: string, project: ServerHandler): () => void {
    isNonEmptyString(method, 'method');
    isFunction(project, 'project');
    const { custom } = this.#core;
    if (this.#state === 'closed') throw new SessionClosedError('handle: the server is closed');
    if (custom.has(method)) throw new ConfigError(`handle: ${method} already has a handler`, { path: method });
    custom.set(method, project);
    return () => {
      if (custom.get(method) === project) custom.delete(method);
    };
  }

  /**
   * Closes the server. Rejects new requests with status 503, waits for running calls, then ends all streams. Resolves
   * when all requests and streams have ended. Idempotent.
   *
   * @param options - `grace`: the maximum time to wait for running calls, in milliseconds. Default 0.
   * @throws `ConfigError` if an option is invalid.
   */
  close(options: { grace?: number | undefined } = {}): Promise<void> {
    assertOptions(options, { grace: isAtLeast(0) });
    return (this.#closing ??= this.#close(options.grace ?? 0));
  }

  /** Calls {@link MCPServer.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(grace: number): Promise<void> {
    this.#state = 'closing';
    const { calls, registry, closed$, sessions, clientMessages, settings, errors$ } = this.#core;
    // Without a grace period, waits for one turn in real time, so that streams send what was written before.
    const scheduler = grace > 0 ? settings.scheduler : asyncScheduler;
    await firstValueFrom(merge(registry.idle$, timer(grace, scheduler)));
    this.#state = 'closed';
    registry.closed$.next();
    closed$.next();
    closed$.complete();
    await sessions.close();
    clientMessages.complete();
    await settings.backplane.close?.();
    calls.complete();
    errors$.complete();
  }
}

/**
 * Returns a function that loads the implementation of 2026-07-28 on first use, because many servers have no client of
 * that version.
 */
function modernLoader(core: ServerCore): () => Promise<ModernEra> {
  let loading: Promise<ModernEra> | undefined;
  return () => (loading ??= import('./modernEra').then(({ createModernEra }) => createModernEra(core)));
}
