import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, merge, Observable, type OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol';
import { hubOf } from './hub';
import type { NotificationMap, NotificationOf } from './notificationMap';
import { paramsIssue } from './paramsIssue';
import { validation, type ParsedNotification } from './validation';

/** What `ofMethod` does about params that fail their schema on a stream that is not a session's own. */
export interface OfMethodOptions {
  /**
   * `'error'` (the default) errors the stream with an `InvalidNotificationError`; `'drop'` leaves the notification out.
   * Not read on a session's own `notifications$`, where the error goes to `session.errors$` and the stream goes on.
   */
  onInvalid?: 'drop' | 'error';
}

/** A method that is known, or any other string. Spelled so that editors complete the known ones. */
type Method = keyof NotificationMap | (string & {});

/**
 * Only the notifications that have one of the given methods, typed by method; in the order in which they came.
 *
 * ```text
 * source     --a--b--c--a--|
 * ofMethod(a)--a--------a--|
 * ```
 *
 * As hot as its source; completes and errors with it. On a session's own `notifications$` the cost of a notification
 * does not depend on how many other subscribers there are; on any other Observable it is a filter. Notifications that the
 * protocol defines, and whose params are not what it says, are left out (and told on `session.errors$`).
 *
 * @example
 * session.notifications$.pipe(ofMethod('custom/heartbeat')).subscribe(({ params }) => console.log(params));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#notifications
 */
export function ofMethod<const M extends readonly [Method, ...Method[]]>(
  ...methods: M
): OperatorFunction<Notification, NotificationOf<M[number]>>;
/**
 * Only the notifications of one method, with params that a schema has checked and parsed. Any synchronous
 * [Standard Schema](https://standardschema.dev) will do. Each notification is parsed once per schema, however many
 * subscribers there are. One that does not fit is told on `session.errors$` as an `InvalidNotificationError`, and the
 * stream goes on without it; see {@link OfMethodOptions} for other streams.
 *
 * @example
 * session.notifications$
 *   .pipe(ofMethod('custom/heartbeat', z.object({ count: z.number() })))
 *   .subscribe(({ params }) => console.log(params.count));
 */
export function ofMethod<M extends string, S extends StandardSchemaV1>(
  method: M,
  schema: S,
  options?: OfMethodOptions,
): OperatorFunction<Notification, { method: M; params: StandardSchemaV1.InferOutput<S> }>;
export function ofMethod(
  method: string,
  schema?: string | StandardSchemaV1,
  options?: string | OfMethodOptions,
  ...more: string[]
): OperatorFunction<Notification, ParsedNotification> {
  if (schema !== undefined && typeof schema !== 'string') {
    return ofSchema(method, schema, typeof options === 'object' ? options : {});
  }
  return ofMethods([method, schema, options, ...more].filter((name) => typeof name === 'string'));
}

function ofMethods(names: string[]): OperatorFunction<Notification, Notification> {
  const methods = new Set(names);
  return (source$) => {
    const hub = hubOf(source$);
    if (!hub) return source$.pipe(filter((n) => methods.has(n.method) && !paramsIssue(n)));
    const routes = [...methods].map((method) => hub.ofMethod(method));
    return routes.length === 1 && routes[0] ? routes[0] : merge(...routes);
  };
}

function ofSchema(
  method: string,
  schema: StandardSchemaV1,
  { onInvalid = 'error' }: OfMethodOptions,
): OperatorFunction<Notification, ParsedNotification> {
  return (source$) => {
    const hub = hubOf(source$);
    const notifications$ = hub ? hub.ofMethod(method) : source$.pipe(filter((n) => n.method === method));
    return new Observable((subscriber) => {
      const check = validation(schema, hub?.report);
      return notifications$.subscribe({
        next: (notification) => {
          const outcome = check(notification);
          if ('parsed' in outcome) subscriber.next(outcome.parsed);
          else if (!hub && onInvalid === 'error') subscriber.error(outcome.error);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      });
    });
  };
}
