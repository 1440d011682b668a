/** What every error of this library has besides its own fields. */
export interface McpErrorOptions {
  /** The error underneath, if another one led to this. */
  cause?: unknown;
}

/** Common ground of the typed errors. The error's type carries the policy: `retryable` decides whether a retry makes sense. */
abstract class TypedError extends Error {
  /** Whether trying again can succeed without anybody changing anything. Read by {@link isRetryable} and `backoff()`. */
  abstract readonly retryable: boolean;
  /** The configured name of the server, when the error comes out of an `MCPClient`. */
  declare server?: string;

  constructor(message: string, options?: McpErrorOptions) {
    super(message, options?.cause === undefined ? undefined : options);
  }
}

/** Whether an error is one of this library's own. */
export function isTypedError(error: unknown): error is TypedError {
  return error instanceof TypedError;
}

/** The configuration does not fit. Names the server, the path in the configuration, and the reason. Never retryable. */
export class ConfigError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'ConfigError';
  }
  readonly retryable = false;
  /** Where in the configuration, for example `mcpServers.files.url`. */
  readonly path: string | undefined;

  constructor(message: string, options?: McpErrorOptions & { path?: string; server?: string }) {
    super(message, options);
    this.path = options?.path;
    if (options?.server !== undefined) this.server = options.server;
  }
}

/** What is known of a failed attempt. */
export interface ConnectionFailedOptions extends McpErrorOptions {
  /** The HTTP status, when the server answered at all. */
  status?: number;
  /** Default: by the status; without one, yes. */
  retryable?: boolean;
  /** Milliseconds the server asked to wait. */
  retryAfter?: number;
}

/** An attempt to connect, or to open a stream, did not succeed. */
export class ConnectionFailedError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'ConnectionFailedError';
  }
  readonly retryable: boolean;
  /** The HTTP status, when the server answered at all. */
  readonly status: number | undefined;
  /** Milliseconds the server asked to wait (`Retry-After`), if it did. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ConnectionFailedOptions = {}) {
    super(message, options);
    this.status = options.status;
    this.retryAfter = options.retryAfter;
    this.retryable = options.retryable ?? (options.status === undefined || isRetryableStatus(options.status));
  }
}

/** 4xx is the client's fault and stays so, but for those that speak of time: timeout, conflict, too early, too many. */
function isRetryableStatus(status: number): boolean {
  return status < 400 || status >= 500 || status === 408 || status === 409 || status === 425 || status === 429;
}

/** What is known of a connection that ended. */
export interface ConnectionLostOptions extends McpErrorOptions {
  /** Milliseconds it had been open. Default 0. */
  uptime?: number;
  /** Milliseconds the server asked to wait. */
  retryAfter?: number;
}

/** A connection or stream that was open has ended without anybody here having closed it. Retryable. */
export class ConnectionLostError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'ConnectionLostError';
  }
  readonly retryable = true;
  /** Milliseconds it had been open; `backoff()` starts over when that was long enough. */
  uptime: number;
  /** Milliseconds the server asked to wait before coming back (the `retry` field of an event stream), if it did. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ConnectionLostOptions = {}) {
    super(message, options);
    this.uptime = options.uptime ?? 0;
    this.retryAfter = options.retryAfter;
  }
}

/** The server no longer knows the session, after a restart for example. A new connection begins a new one. Retryable. */
export class SessionExpiredError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'SessionExpiredError';
  }
  readonly retryable = true;
  /** Milliseconds the connection had been open; as above. */
  uptime: number;

  constructor(message: string, options: McpErrorOptions & { uptime?: number } = {}) {
    super(message, options);
    this.uptime = options.uptime ?? 0;
  }
}

/** The server wants authorization that is missing, refused or expired. Not retryable: somebody has to act first. */
export class UnauthorizedError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'UnauthorizedError';
  }
  readonly retryable = false;
}

/** One thing that is wrong with a value, as in the Standard Schema specification. */
export interface Issue {
  /** What is wrong, for people. */
  readonly message: string;
  /** Where in the value, from the outside in; without it, the value itself is meant. */
  readonly path?: readonly (PropertyKey | { /** The step by itself. */ readonly key: PropertyKey })[] | undefined;
}

/**
 * Something the server sent is not what it should be: JSON that does not parse, a message that is no JSON-RPC message, or
 * params that do not fit their schema. It is told on `errors$`; the stream goes on.
 */
export class InvalidNotificationError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'InvalidNotificationError';
  }
  readonly retryable = false;
  /** What is wrong, and where in the params. */
  readonly issues: readonly Issue[];
  /** What came, as far as it could be read. */
  readonly notification: unknown;

  constructor(message: string, options: McpErrorOptions & { issues: readonly Issue[]; notification: unknown }) {
    super(message, options);
    this.issues = options.issues;
    this.notification = options.notification;
  }
}

/** Roots that can not be told to a server. The last good ones stay in force. */
export class InvalidRootsError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'InvalidRootsError';
  }
  readonly retryable = false;
  /** What is wrong, and at which index. */
  readonly issues: readonly Issue[];

  constructor(message: string, options: McpErrorOptions & { issues: readonly Issue[] }) {
    super(message, options);
    this.issues = options.issues;
  }
}

/** A call took longer than its `timeout`, or than its `maxTotalTimeout`. Retryable, if the call may be repeated. */
export class RequestTimeoutError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'RequestTimeoutError';
  }
  readonly retryable = true;
  /** The bound that was passed, in milliseconds. */
  readonly timeout: number;

  constructor(message: string, options: McpErrorOptions & { timeout: number }) {
    super(message, options);
    this.timeout = options.timeout;
  }
}

/** A call was cancelled here, by its signal, whose reason is the `cause`. It is cancelled on the server too. */
export class RequestCancelledError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'RequestCancelledError';
  }
  readonly retryable = false;
}

/**
 * The session has been closed: with `disconnect()`, which is final, or by an error that ended the retries, which is the
 * `cause`; then `connect()` begins anew.
 */
export class SessionClosedError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'SessionClosedError';
  }
  readonly retryable = false;
}

/** A handler given to this library threw or rejected; `cause` is what it threw. */
export class HandlerError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'HandlerError';
  }
  readonly retryable = false;
}

/**
 * The server answered a request with a JSON-RPC error. A tool whose result says `isError` has answered; that is no error.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#responses
 */
export class ServerError extends TypedError {
  /** The name of the error, whatever a minifier makes of its class. */
  override get name() {
    return 'ServerError';
  }
  readonly retryable = false;
  /** The JSON-RPC error code. */
  readonly code: number;
  /** What the server added to it. */
  readonly data: unknown;

  constructor(message: string, options: McpErrorOptions & { code: number; data?: unknown }) {
    super(message, options);
    this.code = options.code;
    this.data = options.data;
  }
}
