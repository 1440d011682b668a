import { InvalidNotificationError, type Issue } from '../errors';
import type { Notification } from '../protocol/types';

/** The error for a notification whose params are not what they should be; it names the method and the first place. */
export function invalidParams(
  notification: Notification,
  issues: readonly Issue[],
  cause?: unknown,
): InvalidNotificationError {
  const [issue] = issues;
  const path = (issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const message = `${notification.method}: ${issue?.message ?? 'does not fit its schema'} at ${['params', ...path].join('.')}`;
  return new InvalidNotificationError(message, { issues, notification, cause });
}
