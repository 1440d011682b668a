import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, noop, type OperatorFunction } from 'rxjs';
import type { InvalidNotificationError } from '../errors';
import type { Notification } from '../protocol/types';
import { assertOptions, isOneOf, isString } from '../util/options';
import { assertStandardSchema } from '../util/standardSchema';
import { hubs } from './hub';
import type { NotificationMap, NotificationOf } from './notificationMap';
import { paramsIssue, type ParsedNotification, validation } from './params';

/** Options for {@link ofMethod} with a schema. Read when the operator is created. */
export interface OfMethodOptions {
  /**
   * What happens when params do not match the schema. `'error'` (default): the stream errors with an
   * `InvalidNotificationError`. `'drop'`: the notification is dropped. Ignored on a session's own `notifications$`,
   * where the notification is dropped, and `session.errors$` emits the error.
   */
  onInvalid?: 'drop' | 'error' | undefined;
}

/** Any method. The intersection preserves the completion of known methods in editors. */
type Method = keyof NotificationMap | (string & {});

/** At least one method, or a spread array of any length. */
type Methods<M extends readonly Method[]> = M extends readonly [] ? [method: Method] : M;

/**
 * Emits only the notifications with one of the given methods, typed by method.
 *
 * ```text
 * source        --a--b--c--a--|
 * ofMethod(a,c) --a-----c--a--|
 * ```
 *
 * If the protocol defines a method, notifications with invalid params are dropped, and `session.errors$` emits an
 * `InvalidNotificationError` for each.
 *
 * On a session's own `notifications$`, subscribers are looked up by method, so the cost of a notification does not
 * depend on the number of other subscribers. On any other Observable, the operator is a filter.
 *
 * To pass methods that are known only at run time, spread an array. The notifications then have the type
 * `Notification`, and an empty array emits nothing.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @param methods - one or more methods, of the protocol or custom.
 * @returns an operator that emits the notifications with these methods.
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
 * Emits only the notifications with one method, with their params validated and parsed by a synchronous [Standard
 * Schema](https://standardschema.dev).
 *
 * On a session's own `notifications$`, each notification is parsed once per schema, for all subscribers. If the params
 * do not match, the notification is dropped, and `session.errors$` emits one `InvalidNotificationError`. On any other
 * Observable, the stream errors instead, unless {@link OfMethodOptions.onInvalid} is `'drop'`.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @param method - the method of the notifications.
 * @param schema - a schema for the params, for example from Zod, Valibot or ArkType. Its output replaces the params.
 * @param options - what happens when params do not match. Default: the stream errors.
 * @returns an operator that emits the notifications with parsed params.
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

/** `ofMethod` without a schema, and with the methods in an array. The other operators are built on this one. */
export function ofMethods<M extends string>(methods: readonly M[]): OperatorFunction<Notification, NotificationOf<M>>;
export function ofMethods(methods: readonly string[]): OperatorFunction<Notification, Notification> {
  const selected = [...new Set(methods)];
  return (source$) => {
    const hub = hubs.get(source$);
    if (hub && selected.length > 0) return hub.ofMethod(...selected);
    return source$.pipe(filter((notification) => selected.includes(notification.method) && !paramsIssue(notification)));
  };
}
