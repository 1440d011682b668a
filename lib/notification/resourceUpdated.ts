import { filter, type OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { assertOptions, isBoolean, isString } from '../util/options';
import { hubs } from './hub';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';
import { ancestorKeys, uriKey } from './uri';

type ResourceUpdated = NotificationOf<'notifications/resources/updated'>;

/**
 * Emits the notifications that a resource has changed, for one URI or for all. A server sends them only for subscribed resources;
 * `session.resource$(uri)` subscribes and reads the contents.
 *
 * ```text
 * source              --a--b--x--a--|
 * resourceUpdated(a)  --a--------a--|
 * resourceUpdated()   --a--b-----a--|
 * ```
 *
 * Hot if the source is hot; completes and errors with the source. URIs that differ only in the case of percent-encoded bytes or
 * in an explicit default port are equal. Notifications with invalid params are dropped as by `ofMethod`.
 *
 * @param uri - the URI of the resource. Default: all resources.
 * @param options - `subresources: true` also emits for sub-resources, such as `file:///project/a.md` for `file:///project`. A
 * server may announce changes of those to a client that subscribed to the parent. Default `false`.
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
): OperatorFunction<Notification, ResourceUpdated> {
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
