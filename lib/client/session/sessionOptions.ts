import type { SchedulerLike } from 'rxjs';
import type { ClientCapabilities, Implementation, Notification, Request } from '../../protocol/types';
import {
  assertObject,
  assertMembers,
  assertOptions,
  isAtLeast,
  type Validator,
  check,
  hasMethods,
  isFunction,
  isOneOf,
} from '../../util/options';
import { connectorChecks } from '../connection/connector';

/** What a session can be told. All of it is read when the session is made; what does not fit is a `ConfigError` then. */
export interface SessionOptions {
  /** Who the client is, as servers are told. Default: this library, and its version. */
  clientInfo?: Implementation | undefined;
  /** Capabilities, beside those that follow from `roots$` and `handle`. Default: none. */
  capabilities?: ClientCapabilities | undefined;
  /** The default `timeout` of every call, in milliseconds. Default 60,000. */
  timeout?: number | undefined;
  /** The default `maxTotalTimeout` of every call, in milliseconds. Default: no limit. */
  maxTotalTimeout?: number | undefined;
  /**
   * What a call does that is made while there is no connection, be it before `connect()` or while it reconnects: `'wait'`
   * for one, as long as its timeout lets it (the default), or `'fail'` at once with a `ConnectionLostError`. When the
   * session is closed, it fails with a `SessionClosedError` either way.
   */
  offline?: 'wait' | 'fail' | undefined;
  /**
   * Returns what to merge into the `_meta` of a request, for example a `traceparent`. Called for every request of the session,
   * lists and reads included, but not for notifications. An exception is emitted on `errors$`, and the request is sent
   * without. Default: nothing is merged.
   */
  meta?: ((request: Request) => Record<string, unknown> | undefined) | undefined;
  /** The clock of every delay and timeout. Default: RxJS's `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
}

/** Gets every notification of a session. What it throws, or what a promise of its rejects with, lands on `errors$` as a `HandlerError`. */
export type NotificationHandler = (notification: Notification) => unknown;

/** Validator for a connector. */
export const assertConnector = hasMethods('a Connector, e.g. new HttpConnector(url)', 'connect');

/** @throws `ConfigError` when what a session is made of is not what it has to be. */
export function assertSession(connector: { options: unknown }, options: unknown): void {
  assertConnector(connector, 'connector');
  assertMembers(connector.options, connectorChecks, 'connector.options');
  assertOptions(options, sessionChecks);
}

/** What the options of a session have to be. */
export const sessionChecks: Readonly<Record<string, Validator>> = {
  clientInfo: (value, path) => {
    assertObject(value, path);
    for (const name of ['name', 'version']) {
      check('a string', (member) => typeof member === 'string')(Reflect.get(value, name), `${path}.${name}`);
    }
  },
  capabilities: assertObject,
  timeout: isAtLeast(0),
  maxTotalTimeout: isAtLeast(0),
  offline: isOneOf('wait', 'fail'),
  meta: isFunction,
  scheduler: hasMethods('a scheduler', 'now', 'schedule'),
};
