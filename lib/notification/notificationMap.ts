import type { LoggingLevel, Notification, ServerNotification } from '../protocol/types';

/** The params of the notifications that the protocol itself defines for servers, by method. */
type StandardNotifications = { [N in ServerNotification as N['method']]: N['params'] };

/**
 * The params of every known notification, by method. Extend it by module augmentation and `ofMethod` types your own
 * notifications without a schema (nothing is checked at run time; give `ofMethod` a schema for that):
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

/** A notification whose method nobody described. */
export interface CustomNotification<M extends string = string> {
  /** As it came. */
  method: M;
  /** As they came: nothing is known of them, nor whether there are any. */
  params?: Record<string, unknown>;
}

/** The notification that has the method `M`; a union of notifications if `M` is a union. */
export type NotificationOf<M extends string> = M extends ServerNotification['method']
  ? Extract<ServerNotification, { method: M }>
  : M extends keyof NotificationMap
    ? { method: M; params: NotificationMap[M] }
    : string extends M
      ? Notification
      : CustomNotification<M>;

/** The levels of RFC 5424 that the protocol uses, from the least severe to the most. */
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
