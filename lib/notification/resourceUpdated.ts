import { filter, type OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { hubs } from './hub';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

type ResourceUpdated = NotificationOf<'notifications/resources/updated'>;

/**
 * Emits the notifications that a resource has changed, for one URI or for all. A server sends them only for subscribed
 * resources; `session.resource$(uri)` subscribes and reads the contents.
 *
 * ```text
 * source              --a--b--x--a--|
 * resourceUpdated(a)  --a--------a--|
 * resourceUpdated()   --a--b-----a--|
 * ```
 *
 * Hot if the source is hot; completes and errors with the source. URIs are compared character by character. Notifications with
 * invalid params are dropped as by `ofMethod`.
 *
 * @example
 * session.notifications$.pipe(resourceUpdated('file:///notes.md'));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
 */
export function resourceUpdated(uri?: string): OperatorFunction<Notification, ResourceUpdated> {
  const updates = ofMethods(['notifications/resources/updated']);
  if (uri === undefined) return updates;
  return (source$) =>
    hubs.get(source$)?.ofUri(uri) ?? updates(source$).pipe(filter(({ params }) => params.uri === uri));
}
