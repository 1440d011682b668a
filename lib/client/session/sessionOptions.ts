import type { SchedulerLike } from 'rxjs';
import type { ClientCapabilities, Implementation, Notification, Request } from '../../protocol/types';
import { assertJson } from '../../util/assertJson';
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
  isScheduler,
} from '../../util/options';
import { connectorChecks } from '../connection/connector';
import { isValidateOutput, type ValidateOutput } from '../connection/validateOutput';

/** Options for {@link MCPSession}. Read and validated by the constructor. */
export interface SessionOptions {
  /**
   * The client's name and version, sent to the server in the handshake. Default: the name and version of this library.
   */
  clientInfo?: Implementation | undefined;
  /**
   * Client capabilities to declare, in addition to those implied by `roots$` and `handle`. Needed for requests that
   * `requests$` answers. Default: none.
   */
  capabilities?: ClientCapabilities | undefined;
  /** The default `timeout` of calls, in milliseconds. See {@link CallOptions.timeout}. Default 60,000. */
  timeout?: number | undefined;
  /**
   * The default `maxTotalTimeout` of calls, in milliseconds. See {@link CallOptions.maxTotalTimeout}. Default: no
   * limit.
   */
  maxTotalTimeout?: number | undefined;
  /**
   * What a call does while there is no connection, that is, before `connect()` and while reconnecting. `'wait'`
   * (default): the call waits for a connection, up to its timeout. `'fail'`: the call fails immediately with a
   * `ConnectionLostError`. On a closed session, calls always fail with a `SessionClosedError`.
   */
  offline?: 'wait' | 'fail' | undefined;
  /**
   * Whether tool results are validated against the tool's output schema. See {@link ValidateOutput}. Default: the
   * connector's `validateOutput` option, which is `true` by default.
   */
  validateOutput?: ValidateOutput | undefined;
  /**
   * Returns members to add to the `_meta` of a request, for example a `traceparent`. Called for every request of the
   * session, including those of live views, but not for notifications. If the function throws, `errors$` emits a
   * `HandlerError`, and the request is sent without the members. Default: nothing is added.
   */
  meta?: ((request: Request) => Record<string, unknown> | undefined) | undefined;
  /** The scheduler for all delays and timeouts. Replace it to test with virtual time. Default: `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
}

/** A callback for notifications. May be asynchronous. If it throws or rejects, `errors$` emits a `HandlerError`. */
export type NotificationHandler = (notification: Notification) => unknown;

/** Validates a connector. */
export const assertConnector = hasMethods('a Connector, e.g. new HttpConnector(url)', 'connect');

/** Validates the arguments of the constructor of `MCPSession`. */
export function assertSession(connector: { options: unknown }, options: unknown): void {
  assertConnector(connector, 'connector');
  assertMembers(connector.options, connectorChecks, 'connector.options');
  assertOptions(options, sessionChecks);
}

/** Accepts values that pass `validator` and can be sent to the server. */
function asJson(validator: Validator): Validator {
  return (value, path) => {
    validator(value, path);
    assertJson(value, path);
  };
}

/** Validators for {@link SessionOptions}. */
export const sessionChecks: Readonly<Record<string, Validator>> = {
  clientInfo: asJson(hasStrings('name', 'version')),
  capabilities: asJson(assertObject),
  timeout: isAtLeast(0),
  maxTotalTimeout: isAtLeast(0),
  offline: isOneOf('wait', 'fail'),
  validateOutput: isValidateOutput,
  meta: isFunction,
  scheduler: isScheduler,
};
