import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  asyncScheduler,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  mergeMap,
  noop,
  type Observable,
  of,
  Subject,
} from 'rxjs';
import { HandlerError, type MCPError } from '../../errors';
import { createHub, type Gap, type Hub, type IncomingMessage } from '../../notification/hub';
import type {
  CallToolResult,
  CompleteRequest,
  CompleteResult,
  GetPromptResult,
  Implementation,
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
import { isFunction, isOneOf } from '../../util/options';
import { version } from '../../version';
import type { Connection } from '../connection/connection';
import type { Connector } from '../connection/connector';
import type { WireEvent } from '../connection/wireEvent';
import { reconnectPolicy } from '../connection/retry/reconnectPolicy';
import type { RetryPolicy } from '../connection/retry/retryWith';
import { createGuests, type Guests } from '../guest/guests';
import { createSessionTransport, type SessionTransport } from '../guest/sessionTransport';
import type { CallLimits } from './callLimits';
import type { CallEvent, CallOptions, CallToolOptions, ToolResultOf } from './callOptions';
import { type Calls, createCalls } from './calls';
import { type Catalog, createCatalog } from './live/catalog';
import type { ResourceContents, ResourceOptions } from './live/liveResource';
import { createOpenCalls } from './openCalls';
import { Reconnector } from './reconnector';
import type { RootsSubject } from './rootsSubject';
import { createServerRequests, type IncomingRequest, type RequestHandler, type ServerRequests } from './serverRequests';
import { assertSession, type NotificationHandler, type SessionOptions } from './sessionOptions';
import { createSessionRoots } from './sessionRoots';
import type { SessionStatus } from './sessionStatus';
import { type CallTool, createToolCalls } from './toolCalls';

/**
 * One conversation with a server, that outlives its connections: streams that are there from its construction until
 * `disconnect()`, and calls that go out on whatever connection there is.
 *
 * A call that is made while there is none waits for one within its `timeout`: before `connect()` as well, and while it
 * reconnects; with `offline: 'fail'` it fails at once with a `ConnectionLostError`. A session that is `closed` will have
 * none by itself: there calls fail at once with a `SessionClosedError`, until somebody calls `connect()` again.
 *
 * @example
 * const session = new MCPSession(new HttpConnector('http://127.0.0.1:3000/mcp'));
 * session.notifications$.pipe(ofMethod('custom/heartbeat')).subscribe(console.log);
 * await session.connect();
 */
export class MCPSession implements AsyncDisposable {
  /**
   * Hot; every server notification, in wire order, from the session's construction on and across reconnections. Completes on
   * `disconnect()`; never errors.
   *
   * ```text
   * the server sends  --a--b--c--d--e--   c, while there is no connection; then gaps$ emits
   * notifications$    --a--b-----d--e--
   * ```
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#notifications
   */
  readonly notifications$: Observable<Notification>;
  /**
   * Hot; everything that comes in, in wire order: notifications, requests, responses, and faults. Completes on
   * `disconnect()`; never errors.
   */
  readonly messages$: Observable<IncomingMessage>;
  /**
   * Hot; faults that belong to no call, as typed errors. Completes on `disconnect()`; never errors itself. When nobody
   * subscribes, nothing is printed and nothing is thrown.
   */
  readonly errors$: Observable<MCPError>;
  /**
   * Hot; each stretch of time in which notifications may have been missed, told when it is over. Live lists and resources are
   * then read again without being asked. Completes on `disconnect()`; never errors.
   */
  readonly gaps$: Observable<Gap>;
  /**
   * Hot; every JSON-RPC message of every connection, in both directions and both protocol eras, and how connections begin and
   * end. For recorders, telemetry and debugging: nothing is built while no one subscribes. Completes when `disconnect()` has
   * ended; never errors.
   *
   * @example
   * session.wire$.subscribe((event) => console.log('dir' in event ? event.message : event.event));
   */
  readonly wire$: Observable<WireEvent>;
  /** The status now, then each change. Completes with `closed` on `disconnect()`; never errors. */
  readonly status$: Observable<SessionStatus>;
  /**
   * The connection now, if there is one, and each one after it, when what was set on the one before is set on it again.
   * Completes on `disconnect()`; never errors.
   */
  readonly connections$: Observable<Connection>;
  /** The client's roots; see {@link RootsSubject}. */
  readonly roots$: RootsSubject;
  /**
   * Hot; what the server asks and no handler is set for, to be answered by whoever hears it. While nobody subscribes, the
   * server is told that there is no such method. It declares no capability, as `handle` does: name those in the session's
   * `capabilities`, `{ elicitation: {} }` for example. Completes on `disconnect()`; never errors.
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
  readonly #calls: Calls;
  readonly #callTool$: CallTool;
  readonly #deferredCallTool$: CallTool;
  readonly #requests: ServerRequests;
  readonly #bounds: CallLimits;
  readonly #openTransport: () => SessionTransport;
  #madeCatalog: Catalog | undefined;
  #guests: Guests | undefined;
  #loggingLevel: LoggingLevel | undefined;

  /**
   * Connects to nothing yet: subscribe first, then {@link connect}.
   *
   * @throws `ConfigError` when it is given no connector, or an option is not what it has to be.
   */
  constructor(connector: Connector, options: SessionOptions = {}) {
    assertSession(connector, options);
    const hub = this.#hub;
    const { clientInfo = { name: 'rx-mcp', version }, offline = 'wait', scheduler = asyncScheduler } = options;
    const requests = createServerRequests(
      hub.report,
      (method) => (method === 'roots/list' ? () => roots.list() : undefined),
      (request, signal) => this.#guests?.ask(request, signal) ?? Promise.reject(methodNotFound(request.method)),
    );
    this.#requests = requests;
    const guestCapabilities = () => this.#guests?.capabilities();
    const openCalls = createOpenCalls();
    const reconnector = new Reconnector(
      connector,
      {
        hub,
        clientInfo,
        get capabilities() {
          const handled = { ...guestCapabilities(), ...requests.capabilities() };
          return { roots: { listChanged: true }, ...handled, ...options.capabilities };
        },
        respond: (request, signal, origin) => {
          const resume = openCalls.hold(origin);
          const answered = requests.respond(request, signal);
          void answered.then(resume, resume);
          return answered;
        },
        wire$: this.#wire$,
        scheduler,
      },
      (connection) => this.#restore(connection),
    );
    this.#reconnector = reconnector;
    const { usable$, closed$ } = reconnector;
    const state = (): SessionStatus['state'] => reconnector.state();
    this.#bounds = { defaults: options, closed$, state, openCalls, scheduler };
    this.#calls = createCalls({
      notifications$: hub.notifications$,
      usable$,
      usable: () => reconnector.usable(),
      offline,
      meta: options.meta,
      report: hub.report,
      ...this.#bounds,
    });
    const listTools$ = (): Observable<Tool[]> => this.#catalog.lists.tools$();
    const toolCalls = { calls: this.#calls, listTools$, usable: () => reconnector.usable(), report: hub.report };
    this.#callTool$ = createToolCalls(toolCalls, false);
    this.#deferredCallTool$ = createToolCalls(toolCalls, true);
    this.notifications$ = hub.notifications$;
    this.messages$ = hub.messages$.asObservable();
    this.errors$ = hub.errors$.asObservable();
    this.gaps$ = hub.gaps$.asObservable();
    this.wire$ = this.#wire$.asObservable();
    this.status$ = reconnector.status$;
    this.connections$ = reconnector.connections$;
    const waits = (): RetryPolicy => reconnectPolicy(connector.options.reconnect, scheduler);
    const roots = createSessionRoots(connector.options.roots ?? [], {
      usable$,
      closed$,
      waits,
      state,
      report: hub.report,
    });
    this.roots$ = roots.roots$;
    this.requests$ = requests.requests$;
    this.#openTransport = () =>
      createSessionTransport(this, {
        guests: (this.#guests ??= createGuests()),
        hold: async (uri, transport) => {
          const connection = await firstValueFrom(usable$);
          await this.#catalog.subscriptions.enter(connection, uri, transport);
        },
        release: (uri, transport) => this.#catalog.subscriptions.leave(uri, transport),
        offline,
        scheduler,
      });
  }

  /**
   * The tools of the server: the list now, all pages of it, then again after every change, reconnection and gap. Fetched
   * once for any number of subscribers, and not at all without one; a late one gets the current list at once. Completes on
   * `disconnect()`; never errors: a fetch that fails is told on `errors$` and tried again.
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
    return this.#catalog.views.tools$;
  }

  /** The prompts of the server, as {@link tools$}. */
  get prompts$(): Observable<readonly Prompt[]> {
    return this.#catalog.views.prompts$;
  }

  /** The resources of the server, as {@link tools$}. */
  get resources$(): Observable<readonly Resource[]> {
    return this.#catalog.views.resources$;
  }

  /** The resource templates of the server, as {@link tools$}; the protocol announces their changes as those of resources. */
  get resourceTemplates$(): Observable<readonly ResourceTemplate[]> {
    return this.#catalog.views.resourceTemplates$;
  }

  /**
   * The contents of a resource: read now, then again on every update, reconnection and gap. The server is asked to tell of
   * updates while anyone watches, once for each URI; a late watcher gets the current contents at once. Where the server can
   * not tell, it is read once and completes, with a `ServerError` on `errors$`, or is read every `pollInterval`.
   *
   * ```text
   * resources/updated  --------x-----
   * resources/read     x-------x-----
   * resource$          ---A-------B--
   * ```
   *
   * Errors with a `ServerError` when it can not be read in the first place; later failures are told on `errors$`, and it is
   * read again. Completes on `disconnect()`.
   *
   * @example
   * session.resource$('file:///notes.md').subscribe((contents) => render(contents));
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
   */
  resource$(uri: string, options?: ResourceOptions): Observable<Readonly<ResourceContents>> {
    return this.#catalog.watchResource$(uri, options);
  }

  /** What the server can do, by the current connection. */
  get capabilities(): ServerCapabilities | undefined {
    return this.#reconnector.current()?.capabilities;
  }

  /** Who the server is, by the current connection. */
  get serverInfo(): Implementation | undefined {
    return this.#reconnector.current()?.serverInfo;
  }

  /** What the server says about how to use it, by the current connection. */
  get instructions(): string | undefined {
    return this.#reconnector.current()?.instructions;
  }

  /** The version of the protocol that the current connection agreed on. */
  get protocolVersion(): string | undefined {
    return this.#reconnector.current()?.protocolVersion;
  }

  /**
   * Opens a `Transport` of the MCP SDK over this session, for any MCP client library. The library's client keeps working across
   * reconnections: a request that it sends while there is no connection waits for the next one. Several can be open at once;
   * closing one leaves the session open, and the end of the session closes them all.
   *
   * The client's `initialize` is answered from the session's handshake. It connects a session that is not connected, and fails
   * with the same typed error as {@link connect}. Server requests without a handler here go to a client that supports them. The
   * roots are those of the session.
   *
   * @example
   * const client = new Client({ name: 'app', version: '1.0.0' });
   * await client.connect(session.transport());
   */
  transport(): SessionTransport {
    return this.#openTransport();
  }

  /**
   * Connects and initializes. Rejects with the typed error of the first attempt, and then nothing goes on in the
   * background; once connected, the connector's policy keeps it so. May be called again after it failed.
   *
   * While it is reconnecting, the next attempt is made at once, as that of a "reconnect now" button; if it fails, the policy
   * goes on from there. Resolves when it is connected again. While an attempt is under way, it waits for that.
   *
   * @param options - `retry: true` applies the policy from the first attempt on.
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization
   */
  connect({ retry = false }: { retry?: boolean | undefined } = {}): Promise<void> {
    return this.#reconnector.connect(retry);
  }

  /** As {@link connect}, which initializes as well: there is no connection that is not initialized. */
  initialize(): Promise<void> {
    return this.connect();
  }

  /**
   * Ends the session, on the server too. Nothing is heard from then on, the streams complete, calls reject with a
   * `SessionClosedError`. Resolves when there is no request, timer or process left. Final.
   */
  disconnect(): Promise<void> {
    const ended = this.#reconnector.disconnect();
    this.#hub.complete();
    this.roots$.end();
    this.#requests.complete();
    void ended.then(() => this.#wire$.complete());
    return ended;
  }

  /** As {@link disconnect}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /** Calls `handler` with every notification; for people who come from callbacks. Returns what takes it away again. */
  on(event: 'notification', handler: NotificationHandler): () => void {
    isOneOf('notification')(event, 'event');
    isFunction(handler, 'handler');
    const failed = (cause: unknown): void => {
      this.#hub.report(new HandlerError('a notification handler failed', { cause }));
    };
    const subscription = this.notifications$.subscribe((notification) => {
      try {
        Promise.resolve(handler(notification)).catch(failed);
      } catch (cause) {
        failed(cause);
      }
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  /**
   * Answers a request of the server: sampling, elicitation, roots, or one of its own. The handler gets the request and
   * returns a value's Observable or Promise, of which the first value is the answer; it is unsubscribed from when the
   * server cancels. Set before connecting, it also declares the capability; set later, it answers from then on, and is
   * declared on the next connection. Returns what takes it away again. There is one for each method: the last that was set
   * has it. The request and the answer are typed by method where the protocol defines them.
   *
   * @example
   * session.handle('elicitation/create', ({ params }) =>
   *   askUser(params.message).pipe(map((content) => ({ action: 'accept', content }))),
   * );
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling
   */
  handle<M extends keyof RequestMap>(method: M, handler: RequestHandler<M>): () => void;
  /** The same with any method, and a handler that is typed as that of any request: of one's own, or known only at run time. */
  handle<M extends string>(method: M extends keyof RequestMap ? never : M, handler: RequestHandler): () => void;
  handle(method: string, handler: RequestHandler): () => void {
    isFunction(handler, 'handler');
    return this.#requests.handle(method, handler);
  }

  /** Sets the roots. Resolves when the server has been told; rejects with an `InvalidRootsError` when they are not good. */
  setRoots(roots: readonly Root[]): Promise<void> {
    return this.roots$.set(roots);
  }

  /** The roots now. */
  getRoots(): readonly Root[] {
    return this.roots$.value;
  }

  /**
   * Calls a tool: the progress it makes, any number of times, then its result. Cold; unsubscribing before the result
   * cancels the call on the server. A result with `isError` is a result.
   *
   * ```text
   * callTool$  --p--p--p--(r|)
   * ```
   *
   * Errors with a `ServerError`, `RequestTimeoutError`, `RequestCancelledError`, `ConnectionLostError` or
   * `SessionClosedError`. While there is no connection it waits for one, unless `offline` is `'fail'`.
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
    return this.#deferredCallTool$(name, args, options);
  }

  /**
   * Sends any request, with the progress it makes and then its result, typed by method where the protocol defines it. Cold;
   * unsubscribing before the result cancels it on the server. It ends as {@link callTool$} does.
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

  /** Calls a tool; resolves with its result, also when that says `isError`. */
  callTool<S extends StandardSchemaV1>(
    name: string,
    args: Record<string, unknown> | undefined,
    options: CallToolOptions<S> & { output: S },
  ): Promise<ToolResultOf<S>>;
  callTool(name: string, args?: Record<string, unknown>, options?: CallToolOptions): Promise<CallToolResult>;
  callTool(name: string, args?: Record<string, unknown>, options?: CallToolOptions): Promise<CallToolResult> {
    return lastValueFrom(
      this.#callTool$(name, args, options).pipe(
        mergeMap((event) => (event.kind === 'result' ? of(event.result) : EMPTY)),
      ),
    );
  }

  /** All tools, of all pages. */
  listTools(options?: CallOptions): Promise<Tool[]> {
    return lastValueFrom(this.#catalog.lists.tools$(options));
  }

  /** All prompts, of all pages. */
  listPrompts(options?: CallOptions): Promise<Prompt[]> {
    return lastValueFrom(this.#catalog.lists.prompts$(options));
  }

  /** All resources, of all pages. */
  listAllResources(options?: CallOptions): Promise<Resource[]> {
    return lastValueFrom(this.#catalog.lists.resources$(options));
  }

  /** All resource templates, of all pages. */
  listResourceTemplates(options?: CallOptions): Promise<ResourceTemplate[]> {
    return lastValueFrom(this.#catalog.lists.resourceTemplates$(options));
  }

  /**
   * Reads a resource, once; {@link resource$} keeps it current.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#reading-resources
   */
  readResource(uri: string, options?: CallOptions): Promise<ReadResourceResult> {
    return this.request('resources/read', { uri }, options);
  }

  /**
   * Gets a prompt, filled in with arguments.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#getting-a-prompt
   */
  getPrompt(name: string, args?: Record<string, string>, options?: CallOptions): Promise<GetPromptResult> {
    return this.request('prompts/get', { name, arguments: args }, options);
  }

  /**
   * Completes an argument of a prompt or of a resource template.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion
   */
  complete(params: CompleteRequest['params'], options?: CallOptions): Promise<CompleteResult> {
    return this.request('completion/complete', params, options);
  }

  /**
   * Resolves when the server has answered. A connector's `keepAlive` does it by itself.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/ping
   */
  async ping(options?: CallOptions): Promise<void> {
    await this.request('ping', undefined, options);
  }

  /**
   * Sets the least level of what the server logs; set again on each new connection. `logMessage(level)` picks among what comes.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
   */
  async setLoggingLevel(level: LoggingLevel, options?: CallOptions): Promise<void> {
    await this.request('logging/setLevel', { level }, options);
    this.#loggingLevel = level;
  }

  /** Sends any request; the result is typed by method where the protocol defines it. */
  request<M extends keyof ResultMap>(
    method: M,
    params?: Request['params'],
    options?: CallOptions,
  ): Promise<ResultMap[M]>;
  request(method: string, params?: Request['params'], options?: CallOptions): Promise<Result>;
  request(method: string, params?: Request['params'], options?: CallOptions): Promise<Result> {
    return lastValueFrom(this.#calls.request$({ method, params }, options));
  }

  /** Sends any notification; while there is no connection, as soon as there is one again. */
  notify(method: string, params?: Notification['params']): Promise<void> {
    return lastValueFrom(this.#calls.notify$({ method, params }));
  }

  /** Made when it is first asked for: of a thousand sessions, most are never asked. */
  get #catalog(): Catalog {
    return (this.#madeCatalog ??= createCatalog({
      hub: this.#hub,
      reconnector: this.#reconnector,
      calls: this.#calls,
      bounds: this.#bounds,
    }));
  }

  #restore(connection: Connection): Promise<void> | undefined {
    const subscribed = this.#madeCatalog?.subscriptions.restore(connection);
    const level = this.#loggingLevel;
    if (level === undefined) return subscribed;
    const set$ = connection.request$(this.#calls.withMeta({ method: 'logging/setLevel', params: { level } }));
    const set = lastValueFrom(set$).then(noop, this.#hub.report);
    return Promise.all([set, subscribed]).then(noop);
  }
}

/**
 * The public interface of {@link MCPSession}, for dependency injection and fakes. A fake may use a
 * `BehaviorSubject<readonly Root[]>` for `roots$`.
 */
export interface Session extends Omit<Pick<MCPSession, keyof MCPSession>, 'roots$'> {
  readonly roots$: Subject<readonly Root[]> & {
    /** The current roots. */
    readonly value: readonly Root[];
  };
}
