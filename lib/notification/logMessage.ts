import { filter, type OperatorFunction } from 'rxjs';
import type { LoggingLevel, Notification } from '../protocol/types';
import { isOneOf } from '../util/options';
import { hubs } from './hub';
import { loggingLevels, type NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

const assertLevel = isOneOf(...loggingLevels);

/**
 * Emits the server's log messages of the given level and above. Without an argument, emits all log messages.
 *
 * ```text
 * source                 --debug--error--info--warning--|
 * logMessage('warning')  ---------error--------warning--|
 * ```
 *
 * The operator filters the messages that arrive. Use `session.setLoggingLevel(level)` to set which messages the server
 * sends. Messages with invalid params, for example an unknown level, are dropped; see {@link ofMethod}.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @param level - the minimum level. Default `'debug'`: all messages.
 * @returns an operator that emits the log messages as typed notifications.
 * @throws `ConfigError` if the level is unknown.
 *
 * @example
 * session.notifications$.pipe(logMessage('warning')).subscribe(({ params }) => console.warn(params.data));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging
 */
export function logMessage(
  level: LoggingLevel = 'debug',
): OperatorFunction<Notification, NotificationOf<'notifications/message'>> {
  assertLevel(level, 'logMessage.level');
  const min = loggingLevels.indexOf(level);
  const messages = ofMethods(['notifications/message']);
  return (source$) =>
    messages(hubs.get(source$)?.ofLevel(level) ?? source$).pipe(
      filter(({ params }) => loggingLevels.indexOf(params.level) >= min),
    );
}
