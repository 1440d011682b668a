import type { LoggingLevel, Notification, ServerNotification } from '../protocol/types';

/** The params of the protocol's server notifications, by method. */
type StandardNotifications = { [N in ServerNotification as N['method']]: N['params'] };

/**
 * The params of known notifications, by method. Extend the interface by module augmentation to type your own notifications in
 * `ofMethod` without a schema. Params are not validated at run time; pass a schema to `ofMethod` for that.
 *
 * ```ts
 * declare module 'rx-mcp' {
 *   interface NotificationMap {
 *     'custom/heartbeat': { count: number };
 *   }
 * }
 * ```
 */
export interface NotificationMap extends StandardNotifications {}

/** A notification with a method that {@link NotificationMap} does not contain. */
export interface CustomNotification<M extends string = string> {
  /** The method. */
  method: M;
  /** The params, not validated. */
  params?: Record<string, unknown>;
}

/** The notification with the method `M`. A union if `M` is a union. */
export type NotificationOf<M extends string> = M extends ServerNotification['method']
  ? Extract<ServerNotification, { method: M }>
  : M extends keyof NotificationMap
    ? { method: M; params: NotificationMap[M] }
    : string extends M
      ? Notification
      : CustomNotification<M>;

/** The log levels (RFC 5424), in ascending severity. */
export const loggingLevels: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];
