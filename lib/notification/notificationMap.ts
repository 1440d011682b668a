import type { LoggingLevel, Notification, ServerNotification } from '../protocol/types';

/** The params of the protocol's server notifications, by method. */
type StandardNotifications = { [N in ServerNotification as N['method']]: N['params'] };

/**
 * The params of known notifications, by method. Extend the interface by module augmentation, so that `ofMethod` types
 * your own notifications without a schema. The params of such notifications are not validated at run time: to validate
 * them, pass a schema to `ofMethod`.
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

/** A notification whose method is not in {@link NotificationMap}. */
export interface CustomNotification<M extends string = string> {
  /** The method of the notification. */
  method: M;
  /** The params as received. Not validated. */
  params?: Record<string, unknown>;
}

/** The type of the notification with method `M`. A union if `M` is a union. */
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
