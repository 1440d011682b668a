import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, merge, noop, type OperatorFunction } from 'rxjs';
import type { InvalidNotificationError } from '../errors';
import type { Notification } from '../protocol/types';
import { hubs } from './hub';
import type { NotificationMap, NotificationOf } from './notificationMap';
import { paramsIssue, type ParsedNotification, validation } from './params';

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

/** At least one method, so that no argument at all is a mistake; an array of methods may turn out to be empty. */
type Methods<M extends readonly Method[]> = M extends readonly [] ? [method: Method] : M;

/**
 * Only the notifications that have one of the given methods, typed by method; in the order in which they came.
 *
 * ```text
 * source        --a--b--c--a--|
 * ofMethod(a,c) --a-----c--a--|
 * ```
 *
 * As hot as its source; completes and errors with it. On a session's own `notifications$` the cost of a notification
 * does not depend on how many other subscribers there are; on any other Observable it is a filter. Notifications that the
 * protocol defines, and whose params are not what it says, are left out (and told on `session.errors$`).
 *
 * Methods that are known only at run time can be spread from an array: what they emit is a plain notification then, and of
 * an empty array nothing.
 *
 * @example
 * session.notifications$.pipe(ofMethod('custom/heartbeat')).subscribe(({ params }) => console.log(params));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#notifications
 */
export function ofMethod<const M extends readonly Method[]>(
  ...methods: Methods<M>
): OperatorFunction<Notification, NotificationOf<M[number]>>;
/**
 * Only the notifications of one method, with params that a schema has checked and parsed. Any synchronous
 * [Standard Schema](https://standardschema.dev) will do. On a session's own `notifications$` each notification is parsed
 * once per schema, however many subscribers there are.
 *
 * As hot as its source, and completes with it. One that does not fit is told on `session.errors$` as an
 * `InvalidNotificationError`, once, and the stream goes on without it. On a stream that is not a session's own it errors
 * the stream, unless {@link OfMethodOptions} say otherwise.
 *
 * @example
 * session.notifications$
 *   .pipe(ofMethod('custom/heartbeat', z.object({ count: z.number() })))
 *   .subscribe(({ params }) => console.log(params.count));
 */
export function ofMethod<M extends Method, S extends StandardSchemaV1>(
  method: M,
  schema: S,
  options?: OfMethodOptions,
): OperatorFunction<Notification, { method: M; params: StandardSchemaV1.InferOutput<S> }>;
export function ofMethod(
  method?: string,
  schema?: string | StandardSchemaV1,
  options?: string | OfMethodOptions,
  ...more: string[]
): OperatorFunction<Notification, ParsedNotification> {
  if (method !== undefined && schema !== undefined && typeof schema !== 'string') {
    return ofSchema(method, schema, typeof options === 'object' ? options : {});
  }
  return ofMethods([method, schema, options, ...more].filter((name) => typeof name === 'string'));
}

function ofSchema(
  method: string,
  schema: StandardSchemaV1,
  { onInvalid = 'error' }: OfMethodOptions,
): OperatorFunction<Notification, ParsedNotification> {
  return (source$) =>
    hubs.get(source$)?.ofSchema(method, schema) ??
    source$.pipe(
      filter((notification) => notification.method === method),
      validation(schema, onInvalid === 'drop' ? noop : raise),
    );
}

function raise(error: InvalidNotificationError): never {
  throw error;
}

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
