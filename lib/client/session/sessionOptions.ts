import type { SchedulerLike } from 'rxjs';
import type { ClientCapabilities, Implementation, Notification, Request } from '../../protocol/types';
import {
  assertObject,
  assertMembers,
  assertOptions,
  isAtLeast,
  type Validator,
  hasMethods,
  hasStrings,
  isFunction,
  isOneOf,
} from '../../util/options';
import { connectorChecks } from '../connection/connector';
import { isValidateOutput, type ValidateOutput } from '../connection/validateOutput';

/** Options for {@link MCPSession}. Read and validated when the session is created. */
export interface SessionOptions {
  /** The client's name and version. Default: those of this library. */
  clientInfo?: Implementation | undefined;
  /** Capabilities in addition to those implied by `roots$` and `handle`. Default: none. */
  capabilities?: ClientCapabilities | undefined;
  /** The default `timeout` of every call, in milliseconds. Default 60,000. */
  timeout?: number | undefined;
  /** The default `maxTotalTimeout` of every call, in milliseconds. Default: no limit. */
  maxTotalTimeout?: number | undefined;
  /**
   * The behaviour of calls without a connection, before `connect()` and while reconnecting: `'wait'` (default) waits for one, up to
   * the timeout; `'fail'` rejects immediately with a `ConnectionLostError`. On a closed session, calls always reject with a
   * `SessionClosedError`.
   */
  offline?: 'wait' | 'fail' | undefined;
  /**
   * Whether tool results are validated against the output schema of the tool; see {@link ValidateOutput}. Default: the option
   * `validateOutput` of the connector, which is `true` by default.
   */
  validateOutput?: ValidateOutput | undefined;
  /**
   * Returns members to merge into the `_meta` of a request, for example a `traceparent`. Called for every request of the session,
   * including lists and reads, but not for notifications. If it throws, the error is emitted on `errors$`, and the request is
   * sent without the additional members. Default: nothing is merged.
   */
  meta?: ((request: Request) => Record<string, unknown> | undefined) | undefined;
  /** The scheduler of all delays and timeouts. Default: `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
}

/** Called with every notification of a session. If it throws or rejects, `errors$` emits a `HandlerError`. */
export type NotificationHandler = (notification: Notification) => unknown;

/** Validator for a connector. */
export const assertConnector = hasMethods('a Connector, e.g. new HttpConnector(url)', 'connect');

/** Validates the arguments of a session. */
export function assertSession(connector: { options: unknown }, options: unknown): void {
  assertConnector(connector, 'connector');
  assertMembers(connector.options, connectorChecks, 'connector.options');
  assertOptions(options, sessionChecks);
}

/** Validators for {@link SessionOptions}. */
export const sessionChecks: Readonly<Record<string, Validator>> = {
  clientInfo: hasStrings('name', 'version'),
  capabilities: assertObject,
  timeout: isAtLeast(0),
  maxTotalTimeout: isAtLeast(0),
  offline: isOneOf('wait', 'fail'),
  validateOutput: isValidateOutput,
  meta: isFunction,
  scheduler: hasMethods('a scheduler', 'now', 'schedule'),
};
