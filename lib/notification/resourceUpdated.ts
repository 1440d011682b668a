import { filter, type OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { hubs } from './hub';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

type ResourceUpdated = NotificationOf<'notifications/resources/updated'>;

/**
 * That a resource has changed: the notification, narrowed; of one URI or of any. A server sends it only for what has been
 * subscribed to there; `session.resource$(uri)` does both.
 *
 * ```text
 * source              --a--b--x--a--|
 * resourceUpdated(a)  --a--------a--|
 * resourceUpdated()   --a--b-----a--|
 * ```
 *
 * As hot as its source; completes and errors with it. What the protocol does not allow is left out, as by
 * `ofMethod`. URIs are compared as they are, character by character.
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
