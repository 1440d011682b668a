import { isObject } from './util/isObject';
import { reasonOf } from './util/reasonOf';

/** Options common to all errors of this library. */
export interface MCPErrorOptions {
  /** The underlying error or rejection reason. Default: none. */
  cause?: unknown;
}

/** The base class of all errors of this library. Exported as {@link MCPError}. */
abstract class MCPErrorBase extends Error {
  /**
   * The name of the error class, as a literal type, so that `switch (error.name)` narrows. Stable under minification.
   */
  abstract override readonly name: string;
  /**
   * Whether the same operation may succeed if it is retried, without any action by the user. Read by `isRetryable()`
   * and `backoff()`.
   */
  abstract readonly retryable: boolean;
  /** The name of the server in the configuration. Set by `MCPClient`, otherwise absent. */
  declare server?: string;

  constructor(message: string, options?: MCPErrorOptions) {
    super(message, options?.cause === undefined ? undefined : options);
  }

  /**
   * Returns the name, the message and the own members, for `JSON.stringify` and structured logs. Without the stack and
   * `cause`, which may contain secrets.
   */
  toJSON(): Pick<Error, 'name' | 'message'> {
    return Object.assign({ name: this.name, message: this.message }, this);
  }

  /**
   * Makes `error instanceof MCPError` narrow to the union of all errors, so that `switch (error.name)` narrows further.
   */
  declare static readonly [Symbol.hasInstance]: <T>(this: T, value: unknown) => value is InstanceOf<T>;
}

type InstanceOf<T> = typeof MCPErrorBase extends T
  ? MCPError
  : T extends abstract new (...args: never[]) => infer E
    ? E
    : never;

/**
 * Any error of this library. A union that is discriminated by `name`:
 *
 * ```ts
 * session.errors$.subscribe((error) => {
 *   switch (error.name) {
 *     case 'InvalidNotificationError':
 *       return console.warn(error.notification, error.issues);
 *     case 'ServerError':
 *       return console.warn(error.code, error.data);
 *   }
 * });
 * ```
 */
export type MCPError =
  | ConfigError
  | ConnectionFailedError
  | ConnectionLostError
  | SessionExpiredError
  | UnauthorizedError
  | InvalidNotificationError
  | InvalidResultError
  | InvalidRootsError
  | RequestTimeoutError
  | RequestCancelledError
  | SessionClosedError
  | HandlerError
  | ServerError;

/**
 * The base class of all errors of this library. `error instanceof MCPError` narrows to the union type of the same name.
 */
export const MCPError = MCPErrorBase;

/**
 * An option or a configuration file is invalid. The message contains the server, the path and the reason. Not
 * retryable.
 */
export class ConfigError extends MCPErrorBase {
  override get name(): 'ConfigError' {
    return 'ConfigError';
  }
  readonly retryable = false;
  /**
   * The path of the invalid member, for example `mcpServers.files.url`. Absent if the error is not about one member.
   */
  readonly path: string | undefined;

  constructor(message: string, options?: MCPErrorOptions & { path?: string | undefined; server?: string | undefined }) {
    super(message, options);
    this.path = options?.path;
    if (options?.server !== undefined) this.server = options.server;
  }
}

export interface ConnectionFailedOptions extends MCPErrorOptions {
  /** The HTTP status of the response. Absent if the server did not respond. */
  status?: number | undefined;
  /** Whether the error is retryable. Default: derived from `status`, or `true` without a status. */
  retryable?: boolean | undefined;
  /** The delay that the server requested, in milliseconds. */
  retryAfter?: number | undefined;
}

/** A connection or a stream could not be opened. Retryable, unless the HTTP status or the system error is permanent. */
export class ConnectionFailedError extends MCPErrorBase {
  override get name(): 'ConnectionFailedError' {
    return 'ConnectionFailedError';
  }
  readonly retryable: boolean;
  /** The HTTP status of the response. Absent if the server did not respond. */
  readonly status: number | undefined;
  /**
   * The delay that the server requested with the `Retry-After` header, in milliseconds. Absent if it requested none.
   */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ConnectionFailedOptions = {}) {
    super(message, options);
    this.status = options.status;
    this.retryAfter = options.retryAfter;
    this.retryable = options.retryable ?? (options.status === undefined || isRetryableStatus(options.status));
  }
}

/** 4xx statuses are permanent, except for 408, 409, 425 and 429. */
function isRetryableStatus(status: number): boolean {
  return status < 400 || status >= 500 || [408, 409, 425, 429].includes(status);
}

export interface ConnectionLostOptions extends MCPErrorOptions {
  /** How long the connection or stream was open, in milliseconds. Default 0. */
  uptime?: number | undefined;
  /** The delay that the server requested, in milliseconds. */
  retryAfter?: number | undefined;
}

/** An open connection or stream ended without being closed by this client. Retryable. */
export class ConnectionLostError extends MCPErrorBase {
  override get name(): 'ConnectionLostError' {
    return 'ConnectionLostError';
  }
  readonly retryable = true;
  /**
   * How long the connection or stream was open, in milliseconds. If it was at least `stableAfter`, `backoff()` starts
   * over with its first delay.
   */
  uptime: number;
  /**
   * The delay that the server requested with the `retry` field of an event stream, in milliseconds. Absent if it
   * requested none.
   */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ConnectionLostOptions = {}) {
    super(message, options);
    this.uptime = options.uptime ?? 0;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * The server does not recognize the session id, for example because the server was restarted. Retryable: reconnecting
 * starts a new session on the server.
 */
export class SessionExpiredError extends MCPErrorBase {
  override get name(): 'SessionExpiredError' {
    return 'SessionExpiredError';
  }
  readonly retryable = true;
  /**
   * How long the connection was open, in milliseconds. If it was at least `stableAfter`, `backoff()` starts over with
   * its first delay.
   */
  uptime: number;

  constructor(message: string, options: MCPErrorOptions & { uptime?: number | undefined } = {}) {
    super(message, options);
    this.uptime = options.uptime ?? 0;
  }
}

/**
 * The server requires authorization, and the credentials are missing, rejected or expired. Not retryable: the user must
 * authorize first.
 */
export class UnauthorizedError extends MCPErrorBase {
  override get name(): 'UnauthorizedError' {
    return 'UnauthorizedError';
  }
  readonly retryable = false;
  /** The HTTP status of the rejected request: 401 or 403. Absent if the authorization flow failed. */
  readonly status: number | undefined;

  constructor(message: string, options: MCPErrorOptions & { status?: number | undefined } = {}) {
    super(message, options);
    this.status = options.status;
  }
}

/** A validation issue, as defined by [Standard Schema](https://standardschema.dev). */
export interface Issue {
  /** A human-readable description. */
  readonly message: string;
  /** The path of the invalid member, outermost key first. Absent if the value as a whole is invalid. */
  readonly path?:
    readonly (PropertyKey | { /** The key of this path segment. */ readonly key: PropertyKey })[] | undefined;
}

/**
 * The server sent invalid JSON, an invalid JSON-RPC message, or a notification whose params do not match their schema.
 * Emitted on `errors$`; the stream continues. Not retryable.
 */
export class InvalidNotificationError extends MCPErrorBase {
  override get name(): 'InvalidNotificationError' {
    return 'InvalidNotificationError';
  }
  readonly retryable = false;
  /** The validation issues. Paths are relative to the params. */
  readonly issues: readonly Issue[];
  /** The received value: the parsed message, or the beginning of the text if the text is not valid JSON. */
  readonly notification: unknown;

  constructor(message: string, options: MCPErrorOptions & { issues: readonly Issue[]; notification: unknown }) {
    super(message, options);
    this.issues = options.issues;
    this.notification = options.notification;
  }
}

/**
 * A result from the server does not match its schema: the tool's output schema, or the protocol's schema for the
 * method. Not retryable.
 */
export class InvalidResultError extends MCPErrorBase {
  override get name(): 'InvalidResultError' {
    return 'InvalidResultError';
  }
  readonly retryable = false;
  /** The validation issues. Paths are relative to the result. */
  readonly issues: readonly Issue[];
  /** The received result, unmodified. */
  readonly result: unknown;

  constructor(message: string, options: MCPErrorOptions & { issues: readonly Issue[]; result: unknown }) {
    super(message, options);
    this.issues = options.issues;
    this.result = options.result;
  }
}

/** The roots are invalid. The previous valid roots stay in effect. Not retryable. */
export class InvalidRootsError extends MCPErrorBase {
  override get name(): 'InvalidRootsError' {
    return 'InvalidRootsError';
  }
  readonly retryable = false;
  /** The validation issues. The first key of a path is the index in the list of roots. */
  readonly issues: readonly Issue[];

  constructor(message: string, options: MCPErrorOptions & { issues: readonly Issue[] }) {
    super(message, options);
    this.issues = options.issues;
  }
}

/**
 * A call exceeded its `timeout` or `maxTotalTimeout`. Retryable if the call is idempotent: the server may have executed
 * it.
 */
export class RequestTimeoutError extends MCPErrorBase {
  override get name(): 'RequestTimeoutError' {
    return 'RequestTimeoutError';
  }
  readonly retryable = true;
  /** The limit that was exceeded, in milliseconds. */
  readonly timeout: number;

  constructor(message: string, options: MCPErrorOptions & { timeout: number }) {
    super(message, options);
    this.timeout = options.timeout;
  }
}

/**
 * The caller aborted the call with its `signal`. `cause` is the signal's reason. The call is cancelled on the server as
 * well. Not retryable.
 */
export class RequestCancelledError extends MCPErrorBase {
  override get name(): 'RequestCancelledError' {
    return 'RequestCancelledError';
  }
  readonly retryable = false;
}

/**
 * The session is closed: either `disconnect()` was called, which is final, or reconnecting was given up. In the second
 * case, `cause` is the error of the last attempt, and `connect()` may be called again. Not retryable.
 */
export class SessionClosedError extends MCPErrorBase {
  override get name(): 'SessionClosedError' {
    return 'SessionClosedError';
  }
  readonly retryable = false;
}

/**
 * A user-supplied handler threw or rejected. `cause` is the thrown value or the rejection reason, and its message is
 * part of the error's message. Not retryable.
 */
export class HandlerError extends MCPErrorBase {
  override get name(): 'HandlerError' {
    return 'HandlerError';
  }
  readonly retryable = false;

  constructor(message: string, options?: MCPErrorOptions) {
    super(withReason(message, options?.cause), options);
  }
}

function withReason(message: string, cause: unknown): string {
  if (cause === undefined || (isObject(cause) && typeof cause['message'] !== 'string')) return message;
  const reason = reasonOf(cause).message;
  return message.includes(reason) ? message : `${message} (${reason})`;
}

/**
 * The server responded to a request with a JSON-RPC error. A tool result with `isError: true` is a result, not a `ServerError`.
 * Not retryable.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#responses
 */
export class ServerError extends MCPErrorBase {
  override get name(): 'ServerError' {
    return 'ServerError';
  }
  readonly retryable = false;
  /** The JSON-RPC error code. Default -32603, an internal error. */
  readonly code: number;
  /** The `data` member of the JSON-RPC error. */
  readonly data: unknown;

  constructor(message: string, options: MCPErrorOptions & { code?: number | undefined; data?: unknown } = {}) {
    super(message, options);
    this.code = options.code ?? -32603;
    this.data = options.data;
  }
}
