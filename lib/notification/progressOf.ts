import { filter, map, type OperatorFunction } from 'rxjs';
import type { Notification, ProgressToken } from '../protocol/types';
import { hubs } from './hub';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

/** How far a request has come: `progress` of `total`, in units of the server's choice, and a text for people. */
export type Progress = NotificationOf<'notifications/progress'>['params'];

/**
 * The progress reported for one token, every message of it, in order: the params alone. A number and a string are never
 * the same token.
 *
 * ```text
 * source          --p1--p2--q1--p3--|
 * progressOf('p') --p1--p2------p3--|
 * ```
 *
 * As hot as its source; completes and errors with it. It does not complete with the request, which it knows nothing of:
 * use `takeUntil`, or `callTool$`, which has progress and result in one stream. What the protocol does not allow is left
 * out, as by `ofMethod`.
 *
 * @example
 * session.notifications$.pipe(progressOf('upload-7')).subscribe(({ progress, total }) => console.log(progress, total));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress
 */
export function progressOf(token: ProgressToken): OperatorFunction<Notification, Progress> {
  const reports = ofMethods(['notifications/progress']);
  return (source$) =>
    hubs.get(source$)?.ofToken(token) ??
    reports(source$).pipe(
      map(({ params }) => params),
      filter(({ progressToken }) => progressToken === token),
    );
}
