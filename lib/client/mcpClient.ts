import { createStdioConnector, readConfig } from '#platform';
import { BehaviorSubject, defer, Observable, Subject, switchMap } from 'rxjs';
import { ConfigError, MCPError, SessionClosedError } from '../errors';
import { ignoreRejection } from '../util/ignoreRejection';
import { didYouMean } from '../util/nearestName';
import { assertOptions, isBoolean, isFunction } from '../util/options';
import { assertClientConfig, assertServerConfig } from './config/assertConfig';
import type { MCPClientConfig, ServerConfig } from './config/clientConfig';
import type { Connector, Engine } from './connection/connector';
import { HttpConnector } from './connector/httpConnector';
import { listOfServers$, type NamedSession } from './listOfServers';
import type {
  ServerErrorEvent,
  ServerGapEvent,
  ServerNotificationEvent,
  ServerPrompt,
  ServerResource,
  ServerTool,
} from './serverEvents';
import { MCPSession, type Session } from './session/mcpSession';
import { type NotificationHandler, sessionChecks, type SessionOptions } from './session/sessionOptions';
import { isSameStatus, type SessionStatus } from './session/sessionStatus';

/** Options for {@link MCPClient}. The session options apply to every session of the client. Read by the constructor. */
export interface MCPClientOptions extends SessionOptions {
  /**
   * The default notification handler, for servers whose configuration has no `onNotification`. Default: the
   * `onNotification` of the configuration, if there is one.
   */
  onNotification?: NotificationHandler | undefined;
  /**
   * The protocol engine, for servers whose configuration does not set one. Default: an engine for protocol versions up
   * to 2025-11-25.
   */
  engine?: Engine | undefined;
}

/**
 * A client for many servers. Each server has a name and one {@link MCPSession}.
 *
 * @example
 * const client = new MCPClient({ mcpServers: { files: { command: 'mcp-files' }, web: { url: 'http://127.0.0.1:3000/mcp' } } });
 * client.notifications$.subscribe(({ server, notification }) => console.log(server, notification.method));
 * await client.createAllSessions();
 */
export class MCPClient implements AsyncDisposable {
  /** The notifications of all servers, in wire order per server. Hot. Never completes; never errors. */
  readonly notifications$: Observable<ServerNotificationEvent>;
  /**
   * The errors of all servers that do not belong to a call. See {@link MCPSession.errors$}. Hot. Never completes; never
   * errors.
   */
  readonly errors$: Observable<ServerErrorEvent>;
  /** The gaps of all servers. See {@link MCPSession.gaps$}. Hot. Never completes; never errors. */
  readonly gaps$: Observable<ServerGapEvent>;
  /**
   * The status of every server, by name. Emits the current map, then a new map after each change, and when a server is
   * added or removed. Consecutive maps differ. Never completes; never errors.
   */
  readonly status$: Observable<ReadonlyMap<string, SessionStatus>>;
  /**
   * The tools of all connected servers. Emits the current list, then the complete list again after each change, and
   * when a server connects, disconnects or is removed. Shared: the tools are fetched once for all subscribers, and only
   * while there is at least one. Never completes; never errors.
   *
   * ```text
   * status$  -a---b-------------b lost--
   * tools$   --a:1--a:1 b:2 3---a:1-----
   * ```
   */
  readonly tools$: Observable<readonly ServerTool[]>;
  /** The prompts of all connected servers, kept current like {@link tools$}. */
  readonly prompts$: Observable<readonly ServerPrompt[]>;
  /** The resources of all connected servers, kept current like {@link tools$}. */
  readonly resources$: Observable<readonly ServerResource[]>;

  readonly #configs: Map<string, ServerConfig>;
  readonly #sessions = new Map<string, MCPSession>();
  readonly #sessionOptions: SessionOptions;
  readonly #defaults: Pick<MCPClientOptions, 'engine' | 'onNotification'>;
  readonly #notifications$ = new Subject<ServerNotificationEvent>();
  readonly #errors$ = new Subject<ServerErrorEvent>();
  readonly #gaps$ = new Subject<ServerGapEvent>();
  readonly #created$ = new Subject<NamedSession>();
  readonly #status$: BehaviorSubject<ReadonlyMap<string, SessionStatus>>;

  /**
   * Creates a client without connecting to its servers. Call {@link createSession} or {@link createAllSessions} to
   * connect.
   *
   * @param config - the servers by name.
   * @param options - options for all sessions, and the defaults of the servers. Default: `{}`.
   * @throws {@link ConfigError} if the configuration or an option is invalid.
   */
  constructor(config: MCPClientConfig, options: MCPClientOptions = {}) {
    assertClientConfig(config);
    assertOptions(options, { ...sessionChecks, onNotification: isFunction, engine: isFunction });
    const { onNotification = config.onNotification, engine, ...sessionOptions } = options;
    this.#configs = new Map(Object.entries(config.mcpServers));
    this.#sessionOptions = sessionOptions;
    this.#defaults = { engine, onNotification };
    this.#status$ = new BehaviorSubject<ReadonlyMap<string, SessionStatus>>(
      new Map([...this.#configs.keys()].map((name) => [name, { state: 'idle' }])),
    );
    this.notifications$ = this.#notifications$.asObservable();
    this.errors$ = this.#errors$.asObservable();
    this.gaps$ = this.#gaps$.asObservable();
    this.status$ = this.#status$.asObservable();
    const sessions$ = new Observable<NamedSession>((subscriber) => {
      for (const [server, session] of this.#sessions) subscriber.next({ server, session });
      return this.#created$.subscribe(subscriber);
    });
    this.tools$ = listOfServers$(
      sessions$,
      (session) => session.tools$,
      (server, tool) => ({ server, tool }),
    );
    this.prompts$ = listOfServers$(
      sessions$,
      (session) => session.prompts$,
      (server, prompt) => ({ server, prompt }),
    );
    this.resources$ = listOfServers$(
      sessions$,
      (session) => session.resources$,
      (server, resource) => ({ server, resource }),
    );
  }

  /**
   * Creates a client for the servers in a configuration file. Reads the formats of the common MCP clients. Node only.
   *
   * Disabled servers are omitted. Rejects with a {@link ConfigError} if the file cannot be read or is invalid. The
   * message contains the file, the line, the server and the path. An unset variable is reported when the session of its
   * server connects.
   *
   * @param path - the path of the file.
   * @param options - as for the constructor.
   */
  static async fromConfigFile(path: string, options?: MCPClientOptions): Promise<MCPClient> {
    return new MCPClient(await readConfig(path), options);
  }

  /** The sessions that have been created and not closed, by server name. They may not be connected. */
  get sessions(): ReadonlyMap<string, MCPSession> {
    return this.#sessions;
  }

  /**
   * Returns the session of a server, and creates it if necessary. A new session is not connected, so you can subscribe
   * before the first notification arrives.
   *
   * @param name - the name of the server.
   * @throws {@link ConfigError} if the server does not exist or is disabled.
   */
  session(name: string): MCPSession {
    const known = this.#sessions.get(name);
    if (known) return known;
    const config = this.#configOf(name);
    const connector = connectorOf(config, this.#defaults.engine);
    const { validateOutput = this.#sessionOptions.validateOutput } = connector.options;
    const session = new MCPSession(connector, { ...this.#sessionOptions, validateOutput });
    this.#sessions.set(name, session);
    const { onNotification = this.#defaults.onNotification } = config;
    if (onNotification) session.on('notification', onNotification);
    session.notifications$.subscribe((notification) => this.#notifications$.next({ server: name, notification }));
    session.errors$.subscribe((error) => this.#errors$.next({ server: name, error }));
    session.gaps$.subscribe((gap) => this.#gaps$.next({ server: name, gap }));
    session.status$.subscribe({
      next: (status) => {
        if (this.#configs.has(name)) this.#setStatus((statuses) => statuses.set(name, status));
      },
      complete: () => {
        if (this.#sessions.get(name) === session) this.#sessions.delete(name);
      },
    });
    this.#created$.next({ server: name, session });
    return session;
  }

  /**
   * Returns the session of a server, or `undefined` if the session has not been created. The session may not be
   * connected.
   */
  getSession(name: string): MCPSession | undefined {
    return this.#sessions.get(name);
  }

  /**
   * Connects and initializes the session of a server, creating it if necessary, and resolves with the session. Rejects
   * with the typed error of the attempt, and with a {@link ConfigError} if the server does not exist or is disabled.
   *
   * @param name - the name of the server.
   * @param options - passed to `session.connect()`: `retry: true` applies the reconnect policy to the first attempt as
   *   well. Default `false`.
   */
  createSession(name: string, options?: { retry?: boolean | undefined }): Promise<MCPSession> {
    return ignoreRejection(this.#connect(name, options), (error) => error instanceof SessionClosedError);
  }

  /**
   * Connects and initializes the sessions of all servers that are not disabled, concurrently, and resolves with the
   * sessions by name. If some servers fail, rejects with an `AggregateError` of their errors, each with its `server`
   * set. The sessions of the other servers stay connected.
   *
   * @param options - passed to `session.connect()`. With `retry: true`, waits for servers that are not up yet, and
   *   rejects only with the errors of servers whose reconnect policy gave up. Default `false`.
   */
  createAllSessions(options: { retry?: boolean | undefined } = {}): Promise<Record<string, MCPSession>> {
    return ignoreRejection(
      this.#connectAll(options),
      (error) => error instanceof AggregateError && error.errors.every((cause) => cause instanceof SessionClosedError),
    );
  }

  /** Closes the session of a server, if there is one. The next `session(name)` creates a new session. Idempotent. */
  async closeSession(name: string): Promise<void> {
    await this.#sessions.get(name)?.disconnect();
  }

  /** Closes all sessions. Resolves when no request, timer or process of a session remains. */
  async closeAllSessions(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.disconnect()));
  }

  /** Calls {@link closeAllSessions}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.closeAllSessions();
  }

  /**
   * Adds a server without connecting to it.
   *
   * @param name - the name of the server.
   * @param config - the configuration of the server.
   * @throws {@link ConfigError} if the configuration is invalid, or a server with this name already exists.
   */
  addServer(name: string, config: ServerConfig): void {
    const path = `mcpServers.${name}`;
    if (this.#configs.has(name)) {
      throw new ConfigError(`server ${JSON.stringify(name)}: already exists`, { server: name, path });
    }
    assertServerConfig(name, config);
    this.#configs.set(name, config);
    this.#setStatus((statuses) => statuses.set(name, { state: 'idle' }));
  }

  /** Removes a server, if it exists, and closes its session. Resolves when the session is closed. Idempotent. */
  async removeServer(name: string): Promise<void> {
    this.#configs.delete(name);
    this.#setStatus((statuses) => statuses.delete(name));
    await this.closeSession(name);
  }

  async #connect(name: string, options?: { retry?: boolean | undefined }): Promise<MCPSession> {
    const session = this.session(name);
    try {
      await session.connect(options);
      return session;
    } catch (error) {
      if (error instanceof MCPError) error.server = name;
      throw error;
    }
  }

  async #connectAll(options: { retry?: boolean | undefined }): Promise<Record<string, MCPSession>> {
    assertOptions(options, { retry: isBoolean });
    const names = [...this.#configs].filter(([, { disabled }]) => disabled !== true).map(([name]) => name);
    const outcomes = await Promise.allSettled(names.map((name) => this.createSession(name, options)));
    const errors = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
    if (errors.length > 0) {
      const failed = names.filter((_, index) => outcomes[index]?.status === 'rejected');
      throw new AggregateError(
        errors,
        `connecting: ${String(errors.length)} of ${String(names.length)} servers failed (${failed.join(', ')})`,
      );
    }
    return Object.fromEntries(this.#sessions);
  }

  #configOf(name: string): ServerConfig {
    const config = this.#configs.get(name);
    const server = JSON.stringify(name);
    if (!config) {
      throw new ConfigError(`server ${server}: not configured${didYouMean(name, this.#configs.keys())}`, {
        server: name,
      });
    }
    if (config.disabled === true) {
      throw new ConfigError(`server ${server}: disabled`, { server: name, path: `mcpServers.${name}.disabled` });
    }
    return config;
  }

  #setStatus(change: (statuses: Map<string, SessionStatus>) => void): void {
    const statuses = new Map(this.#status$.value);
    change(statuses);
    if (!isSame(statuses, this.#status$.value)) this.#status$.next(statuses);
  }
}

/** The members of {@link MCPClient} whose types contain `MCPSession`. {@link Client} declares them with `Session`. */
type SessionMembers = 'session' | 'sessions' | 'getSession' | 'createSession' | 'createAllSessions';

/** The public interface of {@link MCPClient}, for dependency injection and fakes. */
export interface Client extends Omit<Pick<MCPClient, keyof MCPClient>, SessionMembers> {
  /** {@inheritDoc MCPClient.sessions} */
  readonly sessions: ReadonlyMap<string, Session>;
  /** {@inheritDoc MCPClient.session} */
  session(name: string): Session;
  /** {@inheritDoc MCPClient.getSession} */
  getSession(name: string): Session | undefined;
  /** {@inheritDoc MCPClient.createSession} */
  createSession(name: string, options?: { retry?: boolean | undefined }): Promise<Session>;
  /** {@inheritDoc MCPClient.createAllSessions} */
  createAllSessions(options?: { retry?: boolean | undefined }): Promise<Record<string, Session>>;
}

function isSame(one: ReadonlyMap<string, SessionStatus>, other: ReadonlyMap<string, SessionStatus>): boolean {
  return one.size === other.size && [...one].every(([name, status]) => isSameStatus(status, other.get(name)));
}

/** Returns the connector for a server's configuration. */
function connectorOf(config: ServerConfig, engine: Engine | undefined): Connector {
  if ('connector' in config) return config.connector;
  if ('url' in config) {
    const { url, type: _type, disabled: _disabled, onNotification: _handler, ...options } = config;
    return new HttpConnector(url, { engine, ...options });
  }
  const {
    command,
    args,
    env,
    cwd,
    stderr,
    type: _type,
    disabled: _disabled,
    onNotification: _handler,
    ...rest
  } = config;
  const options = { engine, ...rest };
  const connector$ = defer(() => createStdioConnector({ command, args, env, cwd, stderr }, options));
  return {
    options,
    connect: (context) => connector$.pipe(switchMap((connector) => connector.connect(context))),
  };
}
