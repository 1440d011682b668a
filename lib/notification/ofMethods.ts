import { filter, merge, type OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { hubs } from './hubs';
import type { NotificationOf } from './notificationMap';
import { paramsIssue } from './paramsIssue';

/**
 * The notifications that have one of the given methods; what `ofMethod` does without a schema, and what the other operators
 * are made of.
 */
export function ofMethods<M extends string>(methods: readonly M[]): OperatorFunction<Notification, NotificationOf<M>>;
export function ofMethods(methods: readonly string[]): OperatorFunction<Notification, Notification> {
  const wanted = new Set(methods);
  return (source$) => {
    const hub = hubs.get(source$);
    if (hub && wanted.size > 0) return merge(...[...wanted].map((method) => hub.ofMethod(method)));
    return source$.pipe(filter((notification) => wanted.has(notification.method) && !paramsIssue(notification)));
  };
}
