import { filter, map, type OperatorFunction } from 'rxjs';
import type { Notification, ProgressToken } from '../protocol';
import { hubOf } from './hub';
import type { NotificationOf } from './notificationMap';
import { paramsIssue } from './paramsIssue';

/** How far a request has come: `progress` of `total`, in units of the server's choice, and a text for people. */
export type Progress = NotificationOf<'notifications/progress'>['params'];

/**
 * The progress reported for one token, every message of it, in order.
 *
 * As hot as its source. It does not complete with the request, which it knows nothing of: `takeUntil`, or `callTool$`,
 * which has progress and result in one stream.
 *
 * @example
 * session.notifications$.pipe(progressOf('upload-7')).subscribe(({ progress, total }) => console.log(progress, total));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress
 */
export function progressOf(token: ProgressToken): OperatorFunction<Notification, Progress> {
  return (source$) => {
    const hub = hubOf(source$);
    const notifications$ = hub
      ? hub.ofToken(token)
      : source$.pipe(filter((notification) => !paramsIssue(notification)));
    return notifications$.pipe(
      filter(isProgress),
      map(({ params }) => params),
      filter(({ progressToken }) => progressToken === token),
    );
  };
}

function isProgress(notification: Notification): notification is NotificationOf<'notifications/progress'> {
  return notification.method === 'notifications/progress';
}
