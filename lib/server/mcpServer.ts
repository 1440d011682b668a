import { firstValueFrom, merge, type Observable, timer } from 'rxjs';
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
 * An MCP server whose tools, lists and resources are streams. Serves both protocol eras over HTTP and any SDK transport.
 *
 * @example
 * const server = new MCPServer({ name: 'ops', version: '1.0.0' }, { tools: [tool('now', {}, () => new Date().toISOString())] });
 * http.createServer(toNodeHandler(server)).listen(3000, '127.0.0.1');
 */
export class MCPServer {
  /** The sessions of this node: the current ones, then each new one. Completes on {@link MCPServer.close}; never errors. */
  readonly sessions$: Observable<ServerSession>;
  /** Notifications of clients, in wire order per session. Hot. */
  readonly notifications$: Observable<{ session?: ServerSession; notification: Notification }>;
  /** Each call as it starts, reports progress and ends. Hot. */
  readonly calls$: Observable<ServerCall>;
  /** Faults outside of calls, as typed errors. Hot; never errors. Without a subscriber, faults are neither printed nor thrown. */
  readonly errors$: Observable<MCPError>;
  /** The current status, then its changes, at most one per 100 ms. */
  readonly status$: Observable<ServerStatus>;
  readonly #core: ServerCore;
  readonly #loadModern: (() => Promise<ModernEra>) | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #closing: Promise<void> | undefined;

  /** @throws `ConfigError` with the first invalid option. */
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
   * Serves a web-standard request. Never rejects. Bound to the server, so it can be passed as a function. `export default server`
   * is a fetch handler, and `toNodeHandler(server)` is a handler for Node, Express, Fastify and Nest.
   */
  readonly fetch = async (request: Request, options: FetchOptions = {}): Promise<Response> => {
    const reply = await this.reply(new WebRequest(request), options);
    if (request.signal.aborted) reply.onUndelivered?.();
    return toResponse(reply);
  };

  /**
   * Serves a request of any platform, like {@link MCPServer.fetch}.
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
   * Serves an SDK transport, for example stdio, as one session. Resolves when the transport closes, and rejects if it cannot be
   * started. On a closed server, closes the transport and rejects with a `SessionClosedError`.
   *
   * @throws `ConfigError` if the argument is not a transport.
   */
  async connect(transport: ServerTransport): Promise<void> {
    const { serveTransport } = await import('./transportEndpoint');
    await serveTransport(this.#core, this.#loadModern, transport, this.#state !== 'open');
  }

  /**
   * Sends a notification to the sessions of all nodes, or to those of a target. Resolves once the notification is in the log. Clients
   * that listen later receive it from the log.
   *
   * Rejects with a `ConfigError` if the params are not JSON, or the target is invalid, and with a `SessionClosedError` on a closed
   * server.
   *
   * @param to - one session, the sessions of one user, or the sessions that are subscribed to a URI. Default: all sessions.
   */
  async notify(method: string, params?: Record<string, unknown>, to?: NotifyTarget): Promise<void> {
    assertMessage(method, params);
    if (to !== undefined) assertTarget(to);
    const { broadcast, settings, sessions } = this.#core;
    if (this.#state === 'closed') throw new SessionClosedError('notify: the server is closed');
    if (!to || !('session' in to)) return broadcast(method, params, to);
    const session = sessions.local(to.session);
    if (session) return session.notify(method, params);
    // In a server with one node, no other node can have the session.
    if (!settings.isShared) return;
    const frame = JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) });
    await settings.backplane.append(`g:${to.session}`, frame);
  }

  /**
   * Reports a change of a resource that the resource's stream does not report. Coalesced with the changes that the stream
   * reports. Has no effect on a closed server.
   *
   * @throws `ConfigError` if the URI is not a string.
   */
  resourceUpdated(uri: string): void {
    isNonEmptyString(uri, 'uri');
    this.#core.updated(uri);
  }

  /**
   * Announces a change of the tools that no stream reports. Coalesced with the changes that a stream reports. Has no effect on a
   * closed server.
   */
  toolsChanged(): void {
    this.#core.lists.tools?.changed();
  }

  /** Announces a change of the prompts. See {@link MCPServer.toolsChanged}. */
  promptsChanged(): void {
    this.#core.lists.prompts?.changed();
  }

  /** Announces a change of the resources. See {@link MCPServer.toolsChanged}. */
  resourcesChanged(): void {
    this.#core.lists.resources?.changed();
  }

  /**
   * Sets the handler for a custom request. The last object that `project` emits is the result.
   *
   * @returns a function that removes the handler.
   * @throws `ConfigError` if an argument is invalid, or the method has a handler, and `SessionClosedError` on a closed server.
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
   * Closes the server: rejects new requests with status 503, waits up to `grace` milliseconds for running calls, then
   * ends all streams. Resolves once all requests and streams have ended. Idempotent.
   *
   * @throws `ConfigError` if an option is invalid.
   */
  close(options: { grace?: number | undefined } = {}): Promise<void> {
    assertOptions(options, { grace: isAtLeast(0) });
    return (this.#closing ??= this.#close(options.grace ?? 0));
  }

  /** Closes the server, like {@link MCPServer.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(grace: number): Promise<void> {
    this.#state = 'closing';
    const { calls, registry, closed$, sessions, clientMessages, settings, errors$ } = this.#core;
    await firstValueFrom(merge(registry.idle$, timer(grace, settings.scheduler)));
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

/** Loads the implementation of 2026-07-28 when a client first uses that version. */
function modernLoader(core: ServerCore): () => Promise<ModernEra> {
  let loading: Promise<ModernEra> | undefined;
  return () => (loading ??= import('./modernEra').then(({ createModernEra }) => createModernEra(core)));
}
