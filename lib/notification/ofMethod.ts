import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, merge, noop, type OperatorFunction } from 'rxjs';
import type { InvalidNotificationError } from '../errors';
import type { Notification } from '../protocol/types';
import { assertOptions, isOneOf, isString } from '../util/options';
import { assertStandardSchema } from '../util/standardSchema';
import { hubs } from './hub';
import type { NotificationMap, NotificationOf } from './notificationMap';
import { paramsIssue, type ParsedNotification, validation } from './params';

/** Options for {@link ofMethod} with a schema. */
export interface OfMethodOptions {
  /**
   * The action when params do not match the schema: `'error'` (default) errors with an `InvalidNotificationError`, `'drop'`
   * drops the notification. Ignored on a session's own `notifications$`, where the notification is dropped and `session.errors$`
   * emits the error.
   */
  onInvalid?: 'drop' | 'error' | undefined;
}

/** Any method. The intersection keeps the known methods in editor completion. */
type Method = keyof NotificationMap | (string & {});

/** At least one method, or a spread array of any length. */
type Methods<M extends readonly Method[]> = M extends readonly [] ? [method: Method] : M;

/**
 * Emits the notifications with one of the given methods, typed by method, in their original order.
 *
 * ```text
 * source        --a--b--c--a--|
 * ofMethod(a,c) --a-----c--a--|
 * ```
 *
 * Hot if the source is hot; completes and errors with the source. Notifications that the protocol defines and whose params are
 * invalid are dropped; `session.errors$` emits an `InvalidNotificationError` for each.
 *
 * On a session's own `notifications$`, the cost of a notification does not depend on the number of other subscribers. On any
 * other Observable, the operator is a filter.
 *
 * Methods that are known only at run time can be spread from an array. The result is then a plain `Notification`; an empty
 * array emits nothing.
 *
 * @param methods - one or more methods.
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
 * Emits the notifications with one method, with params validated and parsed by a synchronous [Standard
 * Schema](https://standardschema.dev).
 *
 * Hot if the source is hot; completes and errors with the source. On a session's own `notifications$`, each notification is
 * parsed once per schema. One that does not match is dropped, and `session.errors$` emits one `InvalidNotificationError` for it.
 * On any other Observable, a notification that does not match errors the stream, unless {@link OfMethodOptions.onInvalid} is
 * `'drop'`.
 *
 * @param method - the method.
 * @param schema - the schema of the params, for example of Zod, Valibot or ArkType. Its output replaces the params.
 * @throws `ConfigError` if the schema is not a Standard Schema, or an option is invalid.
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
    assertStandardSchema(schema, 'ofMethod.schema');
    if (options !== undefined) assertOptions(options, optionChecks, 'ofMethod');
    return ofSchema(method, schema, typeof options === 'object' ? options : {});
  }
  const methods: unknown[] = [method, schema, options, ...more];
  for (const name of methods) if (name !== undefined) isString(name, 'ofMethod.method');
  return ofMethods(methods.filter((name) => typeof name === 'string'));
}

const optionChecks = { onInvalid: isOneOf('drop', 'error') };

function ofSchema(
  method: string,
  schema: StandardSchemaV1,
  { onInvalid = 'error' }: OfMethodOptions,
): OperatorFunction<Notification, ParsedNotification> {
  return (source$) =>
    hubs.get(source$)?.ofSchema(method, schema) ??
    source$.pipe(
      filter((notification) => notification.method === method),
      validation(schema, onInvalid === 'drop' ? noop : throwError),
    );
}

function throwError(error: InvalidNotificationError): never {
  throw error;
}

/** `ofMethod` without a schema. The other operators are built on it. */
export function ofMethods<M extends string>(methods: readonly M[]): OperatorFunction<Notification, NotificationOf<M>>;
export function ofMethods(methods: readonly string[]): OperatorFunction<Notification, Notification> {
  const selected = new Set(methods);
  return (source$) => {
    const hub = hubs.get(source$);
    if (hub && selected.size > 0) return merge(...[...selected].map((method) => hub.ofMethod(method)));
    return source$.pipe(filter((notification) => selected.has(notification.method) && !paramsIssue(notification)));
  };
}
