import { filter, type OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { assertOptions, isBoolean, isString } from '../util/options';
import { hubs } from './hub';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';
import { ancestorKeys, uriKey } from './uri';

/**
 * Emits the notifications that announce an update of one resource or, without arguments, of any resource.
 *
 * ```text
 * source              --a--b--x--a--|
 * resourceUpdated(a)  --a--------a--|
 * resourceUpdated()   --a--b-----a--|
 * ```
 *
 * Servers send these notifications only for subscribed resources. `session.resource$(uri)` subscribes and emits the
 * contents.
 *
 * Equivalent URIs match. The case of percent-encoded bytes is ignored. For schemes with a host, such as `https:`, the
 * case of scheme and host and an explicit default port are ignored as well. Notifications with invalid params are
 * dropped; see {@link ofMethod}.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @param uri - the URI of the resource. Default: all resources.
 * @param options - `subresources: true` includes updates of sub-resources, such as `file:///project/a.md` for
 *   `file:///project`. Servers may send them to clients that are subscribed to the parent. Default `false`.
 * @returns an operator that emits the notifications.
 * @throws `ConfigError` if an argument is invalid.
 *
 * @example
 * session.notifications$.pipe(resourceUpdated('file:///notes.md'));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
 */
export function resourceUpdated(
  uri?: string,
  options?: { subresources?: boolean | undefined },
): OperatorFunction<Notification, NotificationOf<'notifications/resources/updated'>> {
  if (uri !== undefined) isString(uri, 'resourceUpdated.uri');
  if (options !== undefined) assertOptions(options, { subresources: isBoolean }, 'resourceUpdated');
  const updates = ofMethods(['notifications/resources/updated']);
  if (uri === undefined) return updates;
  const key = uriKey(uri);
  const isMatch = options?.subresources
    ? (updated: string) => ancestorKeys(uriKey(updated)).has(key)
    : (updated: string) => uriKey(updated) === key;
  return (source$) =>
    hubs.get(source$)?.ofUri(uri, options) ?? updates(source$).pipe(filter(({ params }) => isMatch(params.uri)));
}
