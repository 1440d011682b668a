import { createStdioConnector, readConfig } from '#platform';
import { BehaviorSubject, defer, type Observable, Subject, switchMap } from 'rxjs';
import { ConfigError, MCPError } from '../errors';
import type { Notification } from '../protocol/types';
import { assertOptions, isFunction } from '../util/options';
import { assertClientConfig, assertServerConfig } from './config/assertConfig';
import type { MCPClientConfig, ServerConfig } from './config/clientConfig';
import type { Connector, Engine } from './connection/connector';
import { HttpConnector } from './connector/httpConnector';
import { MCPSession } from './session/mcpSession';
import { type NotificationHandler, sessionChecks, type SessionOptions } from './session/sessionOptions';
import { isSameStatus, type SessionStatus } from './session/sessionStatus';

/** What a client can be told; the options of its sessions among it. Read when the client is made. */
export interface MCPClientOptions extends SessionOptions {
  /** The default handler: gets every notification of each server that has none of its own. Default: the configuration's. */
  onNotification?: NotificationHandler;
  /** What speaks the protocol, where a server's configuration does not say. Default: as for a connector. */
  engine?: Engine;
}

/** A notification, and the name of the server that it is from. */
export interface ServerNotificationEvent {
  /** The name of the server. */
  server: string;
  /** As it came. */
  notification: Notification;
}

/**
 * Many servers, by name, each with one session.
 *
 * @example
 * const client = new MCPClient({ mcpServers: { files: { command: 'mcp-files' }, web: { url: 'http://127.0.0.1:3000/mcp' } } });
 * client.notifications$.subscribe(({ server, notification }) => console.log(server, notification.method));
 * await client.createAllSessions();
 *
 * @throws {@link ConfigError} when the configuration does not fit, or an option is not what it has to be.
 */
export class MCPClient implements AsyncDisposable {
  /** Hot; the notifications of all servers, in wire order for each. Never completes, and never errors. */
  readonly notifications$: Observable<ServerNotificationEvent>;
  /**
   * The status of every server, by name: now, then each change, a server that was added or removed among them. No two in a
   * row are equal. Never completes, and never errors.
   */
  readonly status$: Observable<ReadonlyMap<string, SessionStatus>>;

  readonly #configs: Map<string, ServerConfig>;
  readonly #sessions = new Map<string, MCPSession>();
  readonly #options: MCPClientOptions;
  readonly #notifications$ = new Subject<ServerNotificationEvent>();
  readonly #status$: BehaviorSubject<ReadonlyMap<string, SessionStatus>>;

  /** Connects to nothing yet: that is for {@link createSession} and {@link createAllSessions}. */
  constructor(config: MCPClientConfig, options: MCPClientOptions = {}) {
    assertClientConfig(config);
    assertOptions(options, { ...sessionChecks, onNotification: isFunction, engine: isFunction });
    this.#configs = new Map(Object.entries(config.mcpServers));
    this.#options = { onNotification: config.onNotification, ...options };
    this.#status$ = new BehaviorSubject<ReadonlyMap<string, SessionStatus>>(
      new Map([...this.#configs.keys()].map((name) => [name, { state: 'idle' }])),
    );
    this.notifications$ = this.#notifications$.asObservable();
    this.status$ = this.#status$.asObservable();
  }

  /**
   * Returns a client for the servers of a configuration file, in any of the shapes that MCP clients use. Node only.
   *
   * Disabled servers are left out. Rejects with a {@link ConfigError} that names the file, the line, the server and the path.
   */
  static async fromConfigFile(path: string, options?: MCPClientOptions): Promise<MCPClient> {
    return new MCPClient(await readConfig(path), options);
  }

  /** The sessions there are, by the name of their server; connected or not. */
  get sessions(): ReadonlyMap<string, MCPSession> {
    return this.#sessions;
  }

  /**
   * The session of a server, made when there is none; not yet connected, so that whoever subscribes first loses nothing.
   *
   * @throws {@link ConfigError} when there is no such server.
   */
  session(name: string): MCPSession {
    const known = this.#sessions.get(name);
    if (known) return known;
    const config = this.#configs.get(name);
    if (!config) throw new ConfigError(`there is no server ${JSON.stringify(name)}`, { server: name });
    const session = new MCPSession(connectorOf({ engine: this.#options.engine, ...config }), this.#options);
    this.#sessions.set(name, session);
    const { onNotification = this.#options.onNotification } = config;
    if (onNotification) session.on('notification', onNotification);
    session.notifications$.subscribe((notification) => {
      this.#notifications$.next({ server: name, notification });
    });
    session.status$.subscribe({
      next: (status) => {
        if (this.#configs.has(name)) this.#tell((statuses) => statuses.set(name, status));
      },
      complete: () => {
        if (this.#sessions.get(name) === session) this.#sessions.delete(name);
      },
    });
    return session;
  }

  /** The session of a server if there is one, connected or not. */
  getSession(name: string): MCPSession | undefined {
    return this.#sessions.get(name);
  }

  /**
   * The session of a server, connected and initialized. Rejects with the typed error of the attempt.
   *
   * @param options - as for `session.connect`: `retry: true` applies the policy from the first attempt on.
   */
  async createSession(name: string, options?: { retry?: boolean }): Promise<MCPSession> {
    const session = this.session(name);
    try {
      await session.connect(options);
      return session;
    } catch (error) {
      if (error instanceof MCPError) error.server = name;
      throw error;
    }
  }

  /**
   * The sessions of all servers, by name, connected and initialized side by side. When some can not be, it rejects with an
   * `AggregateError` of their errors, each with its `server`; the others stay connected.
   *
   * @param options - as for `session.connect`: with `retry: true` it waits for servers that are not up yet, and rejects for
   * those alone of which the policy gives up.
   */
  async createAllSessions(options?: { retry?: boolean }): Promise<Record<string, MCPSession>> {
    const names = [...this.#configs.keys()];
    const outcomes = await Promise.allSettled(names.map((name) => this.createSession(name, options)));
    const errors = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
    if (errors.length > 0) {
      const failed = names.filter((_, index) => outcomes[index]?.status === 'rejected');
      throw new AggregateError(
        errors,
        `${String(errors.length)} of ${String(names.length)} servers failed: ${failed.join(', ')}`,
      );
    }
    return Object.fromEntries(this.#sessions);
  }

  /** Ends the session of a server, if there is one. Asked for again, it is a new one. */
  async closeSession(name: string): Promise<void> {
    await this.#sessions.get(name)?.disconnect();
  }

  /** Ends all sessions; resolves when there is no request, timer or process left of them. */
  async closeAllSessions(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.disconnect()));
  }

  /** As {@link closeAllSessions}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.closeAllSessions();
  }

  /**
   * Adds a server. Its session is made when it is asked for.
   *
   * @throws {@link ConfigError} when its configuration does not fit, or there is a server of that name.
   */
  addServer(name: string, config: ServerConfig): void {
    if (this.#configs.has(name)) {
      throw new ConfigError(`there is a server ${JSON.stringify(name)} already`, {
        server: name,
        path: `mcpServers.${name}`,
      });
    }
    assertServerConfig(name, config);
    this.#configs.set(name, config);
    this.#tell((statuses) => statuses.set(name, { state: 'idle' }));
  }

  /** Takes a server away; resolves when its session has ended. */
  async removeServer(name: string): Promise<void> {
    this.#configs.delete(name);
    this.#tell((statuses) => statuses.delete(name));
    await this.closeSession(name);
  }

  #tell(change: (statuses: Map<string, SessionStatus>) => void): void {
    const statuses = new Map(this.#status$.value);
    change(statuses);
    if (!isSame(statuses, this.#status$.value)) this.#status$.next(statuses);
  }
}

function isSame(one: ReadonlyMap<string, SessionStatus>, other: ReadonlyMap<string, SessionStatus>): boolean {
  return one.size === other.size && [...one].every(([name, status]) => isSameStatus(status, other.get(name)));
}

/** The connector that a server's configuration asks for. */
function connectorOf(config: ServerConfig): Connector {
  if ('url' in config) return new HttpConnector(config.url, config);
  const connector$ = defer(() => createStdioConnector(config, config));
  return {
    options: config,
    connect: (context) => connector$.pipe(switchMap((connector) => connector.connect(context))),
  };
}
