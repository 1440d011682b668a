import type { StandardSchemaV1 } from '@standard-schema/spec';
import { asyncScheduler, firstValueFrom, mergeMap, noop, type Observable, type SchedulerLike, Subject } from 'rxjs';
import type { MCPError } from '../../errors';
import { createHub, type Gap, type Hub, type IncomingMessage } from '../../notification/hub';
import type {
  CallToolResult,
  CompleteParams,
  CompleteResult,
  GetPromptResult,
  Implementation,
  JSONRPCRequest,
  LoggingLevel,
  Notification,
  Prompt,
  ReadResourceResult,
  Request,
  RequestMap,
  Resource,
  ResourceTemplate,
  Result,
  ResultMap,
  Root,
  ServerCapabilities,
  Tool,
} from '../../protocol/types';
import { methodNotFound } from '../../protocol/errorCodes';
import { isFunction, isNonEmptyString, isOneOf } from '../../util/options';
import { defaultClientInfo } from '../../version';
import type { Connection } from '../connection/connection';
import type { Connector } from '../connection/connector';
import { onDemand } from '../connection/onDemand';
import type { WireEvent } from '../connection/wireEvent';
import { sessionPolicy } from '../connection/retry/reconnectPolicy';
import type { AttachedClients } from '../guest/attachedClients';
import { type SessionTransport, deferredTransport } from '../guest/transport';
import { callHandler } from './callHandler';
import type { CallLimits } from './callLimits';
import type { CallEvent, CallOptions, CallToolOptions, ToolResultOf } from './callOptions';
import { type Calls, createCalls } from './calls';
import { createServerFeatures, type ResourceOptions, type ServerFeatures } from './live/serverFeatures';
import type { ResourceContents } from './live/liveResource';
import { OpenCalls } from './openCalls';
import { Reconnector, type ReconnectorContext } from './reconnector';
import type { RootsSubject } from './rootsSubject';
import type { restoreLevel } from './restoreLevel';
import { type IncomingRequest, type RequestHandler, ServerRequests } from './serverRequests';
import { assertSession, type NotificationHandler, type SessionOptions } from './sessionOptions';
import { SessionRoots } from './sessionRoots';
import type { SessionStatus } from './sessionStatus';
import { type CallTool, createToolCalls } from './toolCalls';

/** How long a rejected `notifications/roots/list_changed` is retried, in milliseconds. */
const maxRootsRejectionMs = 60_000;

const loadedTransport$ = onDemand('session.transport()', () => import('../onDemand/rareFeatures'));
const loadedRestoration$ = onDemand('the restoration of the log level', () => import('../onDemand/rareFeatures'));

/**
 * A session with one server. A session outlives its connections: its streams stay subscribed across reconnections until
 * `disconnect()`, and each call uses the current connection.
 *
 * A call that is made before `connect()` or while reconnecting waits for a connection, up to its `timeout`. With
 * `offline: 'fail'`, the call rejects immediately with a `ConnectionLostError` instead. In state `closed`, calls reject
 * immediately with a `SessionClosedError`, until `connect()` is called again.
 *
 * @example
 * const session = new MCPSession(new HttpConnector('http://127.0.0.1:3000/mcp'));
 * session.notifications$.pipe(ofMethod('custom/heartbeat')).subscribe(console.log);
 * await session.connect();
 */
export class MCPSession implements AsyncDisposable {
  /**
   * Every notification from the server, in wire order, across reconnections. Hot. Completes on `disconnect()`; never
   * errors.
   *
   * ```text
   * the server sends  --a--b--c--d--e--   c without a connection; then gaps$ emits
   * notifications$    --a--b-----d--e--
   * ```
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#notifications
   */
  readonly notifications$: Observable<Notification>;
  /**
   * Every incoming notification, request and response, and every error of `errors$`, in wire order. Hot. Completes on
   * `disconnect()`; never errors.
   */
  readonly messages$: Observable<IncomingMessage>;
  /**
   * Errors that do not belong to a call, for example an invalid notification, a failed refetch or a handler that threw.
   * When the connection is lost, also the `ConnectionLostError`, `ConnectionFailedError` or `SessionExpiredError`, which
   * `status$` contains as well. Hot. Completes on `disconnect()`; never errors. Without a subscriber, the errors are
   * discarded: they are neither logged nor thrown.
   */
  readonly errors$: Observable<MCPError>;
  /**
   * Periods during which notifications may have been missed. Each gap is emitted when it ends. Live views, such as
   * `tools$`, refetch automatically. Hot. Completes on `disconnect()`; never errors.
   */
  readonly gaps$: Observable<Gap>;
  /**
   * Every JSON-RPC message, in both directions, and the beginning and end of each connection. Use it for recording,
   * telemetry and debugging. Events are created only while there is a subscriber. Hot. Completes when `disconnect()`
   * resolves; never errors.
   *
   * @example
   * session.wire$.subscribe((event) => console.log('dir' in event ? event.message : event.event));
   */
  readonly wire$: Observable<WireEvent>;
  /** The current status, then each change. Emits `closed` and completes on `disconnect()`; never errors. */
  readonly status$: Observable<SessionStatus>;
  /**
   * The current connection, if there is one, then each new connection, once the session's state (log level, resource
   * subscriptions) has been restored on it. Completes on `disconnect()`; never errors.
   */
  readonly connections$: Observable<Connection>;
  /**
   * The client's roots: `next(roots)` sets them and notifies the server. Emits each accepted value. Hot. Completes on
   * `disconnect()`; never errors. See {@link RootsSubject}.
   */
  readonly roots$: RootsSubject;
  /**
   * Requests from the server that no handler is registered for. Hot. Completes on `disconnect()`; never errors.
   *
   * Without a subscriber, such requests are rejected with "method not found". Unlike {@link handle}, subscribing does
   * not declare a capability: set the `capabilities` option, for example `{ elicitation: {} }`.
   *
   * @example
   * session.requests$.subscribe(({ request, respond }) => respond(answerTo(request)));
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
   */
  readonly requests$: Observable<IncomingRequest>;
  readonly #hub: Hub = createHub();
  readonly #wire$ = new Subject<WireEvent>();
  readonly #reconnector: Reconnector;
  readonly #requests: ServerRequests;
  readonly #roots: SessionRoots;
  readonly #openCalls = new OpenCalls();
  readonly #options: SessionOptions;
  readonly #scheduler: SchedulerLike;
  #createdCalls: Calls | undefined;
  #createdFeatures: ServerFeatures | undefined;
  #clients: AttachedClients | undefined;
  #loggingLevel: LoggingLevel | undefined;
  /** Present once the level was set. */
  #restoreLevel: typeof restoreLevel | undefined;
  #lastId = -1;

  /**
   * Creates a session without connecting it. Subscribe to its streams first, then call {@link connect}.
   *
   * @param connector - opens the connections of the session, for example an `HttpConnector`.
   * @param options - timeouts, capabilities and defaults for calls. Default: `{}`.
   * @throws `ConfigError` if the connector or an option is invalid.
   */
  constructor(connector: Connector, options: SessionOptions = {}) {
    assertSession(connector, options);
    const hub = this.#hub;
    const { scheduler = asyncScheduler } = options;
    this.#options = options;
    this.#scheduler = scheduler;
    this.#requests = new ServerRequests({
      report: hub.report,
      ownHandler: (method) => (method === 'roots/list' ? () => this.#roots.list() : undefined),
      forward: (request, signal) =>
        this.#clients?.forward(request, signal) ?? Promise.reject(methodNotFound(request.method)),
    });
    const reconnector = new Reconnector(connector, {
      hub,
      scheduler,
      attempt: () => this.#attemptContext(),
      restore: (connection) => this.#restore(connection),
    });
    this.#reconnector = reconnector;
    this.notifications$ = hub.notifications$;
    this.messages$ = hub.messages$.asObservable();
    this.errors$ = hub.errors$.asObservable();
    this.gaps$ = hub.gaps$.asObservable();
    this.wire$ = this.#wire$.asObservable();
    this.status$ = reconnector.status$;
    this.connections$ = reconnector.connections$;
    this.#roots = new SessionRoots(connector.options.roots ?? [], {
      reconnector,
      policy: () => sessionPolicy(connector.options.reconnect, scheduler, () => true, maxRootsRejectionMs),
      report: hub.report,
    });
    this.roots$ = this.#roots.roots$;
    this.requests$ = this.#requests.requests$.asObservable();
  }

  /**
   * The complete list of tools (all pages), then the complete list again after every change, reconnection and gap.
   * Completes on `disconnect()`; never errors: a failed fetch is reported on `errors$` and retried.
   *
   * Shared: the list is fetched once for all subscribers, and only while there is at least one. A late subscriber
   * receives the current list immediately.
   *
   * ```text
   * tools/list_changed  ------x------xxxx-----
   * tools/list          x-----x------x--x-----
   * tools$              ---A-----B------C--D--
   * ```
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#listing-tools
   */
  get tools$(): Observable<readonly Tool[]> {
    return this.#features.tools$;
  }

  /** The complete list of prompts, kept current like {@link tools$}. */
  get prompts$(): Observable<readonly Prompt[]> {
    return this.#features.prompts$;
  }

  /**
   * The complete list of resources, kept current like {@link tools$}. Use {@link resource$} for the contents of a
   * resource.
   */
  get resources$(): Observable<readonly Resource[]> {
    return this.#features.resources$;
  }

  /** The complete list of resource templates, kept current like {@link tools$}. Refetched when the resources change. */
  get resourceTemplates$(): Observable<readonly ResourceTemplate[]> {
    return this.#features.resourceTemplates$;
  }

  /**
   * Emits the contents of a resource, then the contents again after every update, reconnection and gap. While there are
   * subscribers, the session holds one `resources/subscribe` subscription per URI on the server. A late subscriber
   * receives the current contents immediately.
   *
   * If the server does not support subscriptions, or rejects this one, the resource is read every `pollInterval`
   * milliseconds. Without that option, the resource is read once: the stream emits the contents and completes, and
   * `errors$` emits a `ServerError`.
   *
   * ```text
   * resources/updated  --------x-----
   * resources/read     x-------x-----
   * resource$          ---A-------B--
   * ```
   *
   * An update of a sub-resource, such as `file:///project/a.md` for `file:///project`, counts as an update. Calls with
   * the same arguments return the same Observable as long as that Observable is referenced or subscribed to.
   *
   * Completes on `disconnect()`. Errors with a `ServerError` if the server rejects the first read, and with a
   * `ConfigError` if an option is invalid. Later failures are reported on `errors$`, and the read is retried.
   *
   * @param uri - the URI of the resource.
   * @param options - `pollInterval` in milliseconds, for servers without subscriptions. Default: no polling.
   * @throws `ConfigError` if the URI has no scheme.
   *
   * @example
   * session.resource$('file:///notes.md').subscribe((contents) => render(contents));
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
   */
  resource$(uri: string, options?: ResourceOptions): Observable<Readonly<ResourceContents>> {
    return this.#features.resource$(uri, options);
  }

  /** The capabilities that the server declared on the current connection. `undefined` without a connection. */
  get capabilities(): ServerCapabilities | undefined {
    return this.#reconnector.current()?.capabilities;
  }

  /** The server's name and version. `undefined` without a connection. */
  get serverInfo(): Implementation | undefined {
    return this.#reconnector.current()?.serverInfo;
  }

  /** The server's usage instructions, if it has any. `undefined` without a connection. */
  get instructions(): string | undefined {
    return this.#reconnector.current()?.instructions;
  }

  /** The protocol version that was negotiated for the current connection. `undefined` without a connection. */
  get protocolVersion(): string | undefined {
    return this.#reconnector.current()?.protocolVersion;
  }

  /**
   * Creates an SDK `Transport` on top of this session, for use with any MCP client library. The library's client keeps
   * working across reconnections: a request that it sends without a connection waits for the next connection.
   *
   * Several transports can be open at the same time. Closing a transport does not close the session. The end of the
   * session closes all transports.
   *
   * The session answers the client's `initialize` request from its own handshake. If the session is not connected,
   * `initialize` connects it, and fails with the same typed error as {@link connect}. A server request without a
   * handler in the session is sent to a client that supports its method. The server receives the roots of the session.
   *
   * @example
   * const client = new Client({ name: 'app', version: '1.0.0' });
   * await client.connect(session.transport());
   */
  transport(): SessionTransport {
    return deferredTransport(loadedTransport$, ({ createAttachedClients, createSessionTransport }) =>
      createSessionTransport(this, {
        clients: (this.#clients ??= createAttachedClients()),
        subscribe: (uri, transport) => this.#features.subscribe(uri, transport),
        unsubscribe: (uri, transport) => this.#features.unsubscribe(uri, transport),
        offline: this.#options.offline ?? 'wait',
        scheduler: this.#scheduler,
      }),
    );
  }

  /**
   * Connects and initializes. Resolves when the session is connected. Idempotent: concurrent calls share one attempt.
   *
   * Rejects with the typed error of the first attempt. After that, nothing continues in the background, and `connect`
   * may be called again. Once connected, the session reconnects with the connector's `reconnect` policy. Rejects with a
   * `SessionClosedError` after `disconnect()`.
   *
   * While the session is reconnecting, `connect` skips the remaining delay ("reconnect now") and resolves when the
   * session is connected again. If that attempt fails, the policy continues with its next delay.
   *
   * @param options - `retry: true` applies the policy to the first attempt as well, for servers that may not be up yet.
   *   Default `false`.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization
   */
  connect(options: { retry?: boolean | undefined } = {}): Promise<void> {
    return this.#reconnector.connect(options);
  }

  /** An alias of {@link connect}, which initializes as well. */
  initialize(): Promise<void> {
    return this.connect();
  }

  /**
   * Closes the session, here and on the server. Streams complete, and pending calls reject with a `SessionClosedError`.
   * Resolves when no request, timer or process of the session remains. Idempotent. Cannot be undone.
   */
  disconnect(): Promise<void> {
    const ended = this.#reconnector.disconnect();
    this.#hub.complete();
    this.roots$.end();
    this.#requests.complete();
    void ended.then(() => this.#wire$.complete());
    return ended;
  }

  /** Calls {@link disconnect}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /**
   * Registers a callback for every notification. Prefer {@link notifications$}.
   *
   * @param event - `'notification'`, the only event.
   * @param handler - called with each notification. If it throws or rejects, `errors$` emits a `HandlerError`.
   * @returns a function that removes the callback.
   * @throws `ConfigError` if the event is not `'notification'`, or the handler is not a function.
   */
  on(event: 'notification', handler: NotificationHandler): () => void {
    isOneOf('notification')(event, 'event');
    isFunction(handler, 'handler');
    const subscription = this.notifications$.subscribe((notification) => {
      void callHandler(() => handler(notification), 'on: the notification handler failed', this.#hub.report);
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  /**
   * Registers the handler for requests from the server with one method: sampling, elicitation, roots, or a custom
   * method. The handler receives the request and returns a result, a promise of one, or an Observable. The first value
   * of the Observable is the result. If the server cancels the request, the Observable is unsubscribed from. Request
   * and result are typed by method.
   *
   * Register handlers before connecting, so that the session declares the capability (`sampling`, `elicitation`). A
   * handler that is registered later is used immediately, but its capability is declared only on the next connection. A
   * method has one handler: registering another one replaces it.
   *
   * If the handler throws or rejects with a `ServerError`, the server receives its code and data. For any other error,
   * the server receives an internal error, and `errors$` emits a `HandlerError`.
   *
   * @param method - the method of the requests.
   * @param handler - answers a request.
   * @returns a function that removes the handler.
   * @throws `ConfigError` if the method looks like a misspelled method of the protocol.
   *
   * @example
   * session.handle('elicitation/create', ({ params }) =>
   *   askUser(params.message).pipe(map((content) => ({ action: 'accept', content }))),
   * );
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling
   */
  handle<M extends keyof RequestMap>(method: M, handler: RequestHandler<M>): () => void;
  /** Registers the handler for a custom method, or for a method that is known only at run time. */
  handle<M extends string>(method: M extends keyof RequestMap ? never : M, handler: RequestHandler): () => void;
  handle(method: string, handler: RequestHandler): () => void {
    isNonEmptyString(method, 'method');
    isFunction(handler, 'handler');
    return this.#requests.handle(method, handler);
  }

  /**
   * Sets the client's roots, and notifies the server. Resolves when the notification has been sent. Before
   * {@link connect}, resolves immediately. Rejects with an `InvalidRootsError` if the roots are invalid. The previous
   * roots then stay in effect.
   *
   * @param roots - the complete list of roots. Each `uri` must begin with `file://`.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/roots
   */
  setRoots(roots: readonly Root[]): Promise<void> {
    return this.roots$.set(roots);
  }

  /** Returns the client's current roots. */
  getRoots(): readonly Root[] {
    return this.roots$.value;
  }

  /**
   * Calls a tool. Cold: each subscription makes one call. Emits `progress` events, then one `result` event, and
   * completes. If the server runs the call as a task, emits `task` events as well. Unsubscribing before the result
   * cancels the call on the server.
   *
   * ```text
   * callTool$  --p--p--p--(r|)
   * ```
   *
   * A result with `isError: true` is emitted as a result. The stream errors with a `ServerError`, `InvalidResultError`,
   * `RequestTimeoutError`, `RequestCancelledError`, `ConnectionFailedError`, `ConnectionLostError`, `UnauthorizedError`
   * or `SessionClosedError`, and with a `ConfigError` if an argument is invalid. Without a connection, the call waits
   * for one, unless the `offline` option of the session is `'fail'`.
   *
   * @param name - the name of the tool.
   * @param args - the arguments. Default: none.
   * @param options - timeouts, a signal, metadata, and a schema for the output. Default: the options of the session.
   *
   * @example
   * session.callTool$('build', { target: 'web' }).subscribe((event) => {
   *   if (event.kind === 'progress') show(event.progress, event.total);
   * });
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#calling-tools
   */
  callTool$<S extends StandardSchemaV1>(
    name: string,
    args: Record<string, unknown> | undefined,
    options: CallToolOptions<S> & { output: S },
  ): Observable<CallEvent<ToolResultOf<S>>>;
  callTool$(
    name: string,
    args?: Record<string, unknown>,
    options?: CallToolOptions,
  ): Observable<CallEvent<CallToolResult>>;
  callTool$(
    name: string,
    args?: Record<string, unknown>,
    options?: CallToolOptions,
  ): Observable<CallEvent<CallToolResult>> {
    return this.#toolCalls(true)(name, args, options);
  }

  /**
   * Sends any request. Cold: each subscription sends one request. Emits `progress` events, then one `result` event,
   * typed by method, and completes. Unsubscribing before the result cancels the request on the server. Errors like
   * {@link callTool$}.
   *
   * @param method - a method of the protocol, or a custom method of the server.
   * @param params - the params of the request. Default: none.
   * @param options - timeouts, a signal and metadata. Default: the options of the session.
   *
   * @example
   * session.request$('tasks/get', { taskId }).subscribe((event) => console.log(event));
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#requests
   */
  request$<M extends keyof ResultMap>(
    method: M,
    params?: Request['params'],
    options?: CallOptions,
  ): Observable<CallEvent<ResultMap[M]>>;
  request$(method: string, params?: Request['params'], options?: CallOptions): Observable<CallEvent<Result>>;
  request$(method: string, params?: Request['params'], options?: CallOptions): Observable<CallEvent<Result>> {
    return this.#calls.call$({ method, params }, options, { isDeferred: true });
  }

  /**
   * Calls a tool and resolves with its result, even if the result has `isError: true`. Rejects with the errors of
   * {@link callTool$}. Aborting `options.signal` cancels the call on the server.
   *
   * @param name - the name of the tool.
   * @param args - the arguments. Default: none.
   * @param options - timeouts, a signal, metadata, and a schema for the output. Default: the options of the session.
   *
   * @example
   * const { content } = await session.callTool('search', { query: 'rxjs' }, { timeout: 10_000 });
   */
  callTool<S extends StandardSchemaV1>(
    name: string,
    args: Record<string, unknown> | undefined,
    options: CallToolOptions<S> & { output: S },
  ): Promise<ToolResultOf<S>>;
  callTool(name: string, args?: Record<string, unknown>, options?: CallToolOptions): Promise<CallToolResult>;
  callTool(name: string, args?: Record<string, unknown>, options?: CallToolOptions): Promise<CallToolResult> {
    return firstValueFrom(
      this.#toolCalls(false)(name, args, options).pipe(
        mergeMap((event) => (event.kind === 'result' ? [event.result] : [])),
      ),
    );
  }

  /** Fetches the list of tools once, with all its pages. Use {@link tools$} for a list that stays current. */
  listTools(options?: CallOptions): Promise<Tool[]> {
    return firstValueFrom(this.#features.lists.tools$(options));
  }

  /** Fetches the list of prompts once, with all its pages. Use {@link prompts$} for a list that stays current. */
  listPrompts(options?: CallOptions): Promise<Prompt[]> {
    return firstValueFrom(this.#features.lists.prompts$(options));
  }

  /** Fetches the list of resources once, with all its pages. Use {@link resources$} for a list that stays current. */
  listAllResources(options?: CallOptions): Promise<Resource[]> {
    return firstValueFrom(this.#features.lists.resources$(options));
  }

  /**
   * Fetches the list of resource templates once, with all its pages. Use {@link resourceTemplates$} for a list that
   * stays current.
   */
  listResourceTemplates(options?: CallOptions): Promise<ResourceTemplate[]> {
    return firstValueFrom(this.#features.lists.resourceTemplates$(options));
  }

  /**
   * Reads the contents of a resource once. Use {@link resource$} for contents that stay current.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#reading-resources
   */
  readResource(uri: string, options?: CallOptions): Promise<ReadResourceResult> {
    return this.request('resources/read', { uri }, options);
  }

  /**
   * Gets the messages of a prompt.
   *
   * @param name - the name of the prompt.
   * @param args - the arguments of the prompt. Default: none.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#getting-a-prompt
   */
  getPrompt(name: string, args?: Record<string, string>, options?: CallOptions): Promise<GetPromptResult> {
    return this.request('prompts/get', { name, arguments: args }, options);
  }

  /**
   * Fetches suggestions for the value of an argument of a prompt or a resource template.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion
   */
  complete(params: CompleteParams, options?: CallOptions): Promise<CompleteResult> {
    return this.request('completion/complete', params, options);
  }

  /**
   * Pings the server. Resolves when the server responds. The connector's `keepAlive` option sends pings at an interval.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/ping
   */
  async ping(options?: CallOptions): Promise<void> {
    await this.request('ping', undefined, options);
  }

  /**
   * Sets the minimum level of the log messages that the server sends. Reapplied after reconnecting. To filter the
   * messages that arrive, use `notifications$.pipe(logMessage(level))`.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
   */
  async setLoggingLevel(level: LoggingLevel, options?: CallOptions): Promise<void> {
    await this.request('logging/setLevel', { level }, options);
    // Loaded now, because it must be available after an outage.
    this.#restoreLevel = (await firstValueFrom(loadedRestoration$)).restoreLevel;
    this.#loggingLevel = level;
  }

  /**
   * Sends any request and resolves with its result, typed by method. Rejects with the errors of {@link callTool$}. Use
   * {@link request$} to receive progress as well.
   */
  request<M extends keyof ResultMap>(
    method: M,
    params?: Request['params'],
    options?: CallOptions,
  ): Promise<ResultMap[M]>;
  request(method: string, params?: Request['params'], options?: CallOptions): Promise<Result>;
  request(method: string, params?: Request['params'], options?: CallOptions): Promise<Result> {
    return firstValueFrom(this.#calls.result$({ method, params }, options));
  }

  /**
   * Sends any notification. Resolves when the transport has accepted it. Without a connection, waits for one, unless
   * the `offline` option of the session is `'fail'`.
   *
   * @param method - a method of the protocol, or a custom method.
   * @param params - the params of the notification. Default: none.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#notifications
   */
  notify(method: string, params?: Notification['params']): Promise<void> {
    return firstValueFrom(this.#calls.notify$({ method, params }));
  }

  #attemptContext(): ReturnType<ReconnectorContext['attempt']> {
    const { clientInfo = defaultClientInfo, capabilities } = this.#options;
    const handled = { ...this.#clients?.capabilities(), ...this.#requests.capabilities() };
    return {
      clientInfo,
      capabilities: { roots: { listChanged: true }, ...handled, ...capabilities },
      respond: (request, signal, origin) => this.#respond(request, signal, origin),
      nextId: () => ++this.#lastId,
      wire$: this.#wire$,
    };
  }

  #respond(request: JSONRPCRequest, signal: AbortSignal, origin: Request | undefined): Promise<Result> {
    const resume = this.#openCalls.pauseTimeout(origin);
    const answered = this.#requests.respond(request, signal);
    void answered.then(resume, resume);
    return answered;
  }

  // Created on first use, because many sessions only receive notifications.
  get #calls(): Calls {
    const { messages$ } = this.#hub;
    return (this.#createdCalls ??= createCalls({
      notifications$: this.#hub.notifications$,
      usable$: this.#reconnector.usable$,
      usable: () => this.#reconnector.usable(),
      offline: this.#options.offline ?? 'wait',
      validateOutput: this.#options.validateOutput,
      meta: this.#options.meta,
      respond: (request, signal, origin) => {
        if (messages$.observed) messages$.next({ at: Date.now(), kind: 'request', request });
        return this.#respond(request, signal, origin);
      },
      report: this.#hub.report,
      ...this.#limits,
    }));
  }

  get #limits(): CallLimits {
    return {
      defaults: this.#options,
      closed$: this.#reconnector.closed$,
      state: () => this.#reconnector.state(),
      openCalls: this.#openCalls,
      scheduler: this.#scheduler,
    };
  }

  #toolCalls(isDeferred: boolean): CallTool {
    const context = {
      calls: this.#calls,
      listTools$: () => this.#features.lists.tools$(),
      usable: () => this.#reconnector.usable(),
      report: this.#hub.report,
    };
    return createToolCalls(context, isDeferred);
  }

  /** Created on first use, because many sessions have no live views. */
  get #features(): ServerFeatures {
    return (this.#createdFeatures ??= createServerFeatures({
      hub: this.#hub,
      reconnector: this.#reconnector,
      calls: this.#calls,
      limits: this.#limits,
    }));
  }

  #restore(connection: Connection): Promise<void> | undefined {
    const subscribed = this.#createdFeatures?.restore(connection);
    const set = this.#restoreLevel?.(connection, {
      request: () => this.#calls.withMeta({ method: 'logging/setLevel', params: { level: this.#loggingLevel } }),
      connections$: this.connections$,
      limits: this.#limits,
      report: this.#hub.report,
    });
    return set ? Promise.all([set, subscribed]).then(noop) : subscribed;
  }
}

/**
 * The public interface of {@link MCPSession}, for dependency injection and fakes. A fake may use a
 * `BehaviorSubject<readonly Root[]>` for `roots$`.
 */
export interface Session extends Omit<Pick<MCPSession, keyof MCPSession>, 'roots$'> {
  /** {@inheritDoc MCPSession.protocolVersion} */
  readonly protocolVersion: MCPSession['protocolVersion'];
  /** {@inheritDoc MCPSession.capabilities} */
  readonly capabilities: MCPSession['capabilities'];
  /** {@inheritDoc MCPSession.serverInfo} */
  readonly serverInfo: MCPSession['serverInfo'];
  /** {@inheritDoc MCPSession.instructions} */
  readonly instructions: MCPSession['instructions'];
  /** {@inheritDoc MCPSession.tools$} */
  readonly tools$: MCPSession['tools$'];
  /** {@inheritDoc MCPSession.prompts$} */
  readonly prompts$: MCPSession['prompts$'];
  /** {@inheritDoc MCPSession.resources$} */
  readonly resources$: MCPSession['resources$'];
  /** {@inheritDoc MCPSession.resourceTemplates$} */
  readonly resourceTemplates$: MCPSession['resourceTemplates$'];
  /** The client's roots. See {@link MCPSession.roots$}. */
  readonly roots$: Subject<readonly Root[]> & {
    /** The current roots. */
    readonly value: readonly Root[];
  };
}
