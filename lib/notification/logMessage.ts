import { filter, type OperatorFunction } from 'rxjs';
import type { LoggingLevel, Notification } from '../protocol/types';
import { hubs } from './hub';
import { loggingLevels, type NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

/**
 * The server's log messages: the notification, narrowed; those of the given level and above, or with no argument all.
 * What the server sends in the first place is set by `session.setLoggingLevel(level)`.
 *
 * ```text
 * source                 --debug--error--info--warning--|
 * logMessage('warning')  ---------error--------warning--|
 * ```
 *
 * As hot as its source; completes and errors with it. What the protocol does not allow, a level of its own for example, is
 * left out, as by `ofMethod`.
 *
 * @example
 * session.notifications$.pipe(logMessage('warning')).subscribe(({ params }) => console.warn(params.data));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
 */
export function logMessage(
  level: LoggingLevel = 'debug',
): OperatorFunction<Notification, NotificationOf<'notifications/message'>> {
  const least = loggingLevels.indexOf(level);
  const messages = ofMethods(['notifications/message']);
  return (source$) =>
    messages(hubs.get(source$)?.ofLevel(level) ?? source$).pipe(
      filter(({ params }) => loggingLevels.indexOf(params.level) >= least),
    );
}
