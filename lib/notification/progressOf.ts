import { filter, map, type OperatorFunction } from 'rxjs';
import type { Notification, ProgressToken } from '../protocol/types';
import { isToken } from '../util/options';
import { hubs } from './hub';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

/**
 * The progress of a request: `progress` out of `total`, in a unit of the server's choice, and a human-readable
 * `message`.
 */
export interface Progress extends ProgressParams {}

type ProgressParams = NotificationOf<'notifications/progress'>['params'];

/**
 * Emits the progress that the server reports for one token: the params of each progress notification with this token.
 * Tokens are compared with `===`, so `1` and `'1'` are different tokens.
 *
 * ```text
 * source          --p1--p2--q1--p3--|
 * progressOf('p') --p1--p2------p3--|
 * ```
 *
 * The stream does not complete when the request does. Use `takeUntil`, or `session.callTool$`, which emits progress and
 * result in one stream. Notifications with invalid params are dropped; see {@link ofMethod}.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @param token - the progress token of the request, as in the `progressToken` option of a call.
 * @returns an operator that emits the progress.
 * @throws `ConfigError` if the token is neither a string nor an integer.
 *
 * @example
 * session.notifications$.pipe(progressOf('upload-7')).subscribe(({ progress, total }) => console.log(progress, total));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress
 */
export function progressOf(token: ProgressToken): OperatorFunction<Notification, Progress> {
  isToken(token, 'progressOf.token');
  const reports = ofMethods(['notifications/progress']);
  return (source$) =>
    hubs.get(source$)?.ofToken(token) ??
    reports(source$).pipe(
      map(({ params }) => params),
      filter(({ progressToken }) => progressToken === token),
    );
}
