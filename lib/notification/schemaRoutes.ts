import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defer, finalize, share, type Observable } from 'rxjs';
import type { InvalidNotificationError } from '../errors';
import type { Notification } from '../protocol/types';
import type { Routes } from './routes';
import { validation, type ParsedNotification } from './params';

/** Subscribers by method and schema. */
export interface SchemaRoutes {
  /** Hot; notifications of one method with params as a schema makes them, those that fit it. Ends as its method does. */
  at(method: string, schema: StandardSchemaV1): Observable<ParsedNotification>;
}

/**
 * Everybody with the same method and schema shares one subscription: each notification is parsed once, and `onInvalid` is
 * called once for each that does not fit.
 */
export function createSchemaRoutes(
  methods: Pick<Routes<string, Notification>, 'at'>,
  onInvalid: (error: InvalidNotificationError) => void,
): SchemaRoutes {
  const routes = new WeakMap<StandardSchemaV1, Map<string, Observable<ParsedNotification>>>();

  function open(method: string, schema: StandardSchemaV1): Observable<ParsedNotification> {
    const byMethod = routes.get(schema) ?? new Map<string, Observable<ParsedNotification>>();
    const known$ = byMethod.get(method);
    if (known$) return known$;
    const route$ = methods.at(method).pipe(
      validation(schema, onInvalid),
      finalize(() => byMethod.delete(method)),
      share({ resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
    );
    routes.set(schema, byMethod.set(method, route$));
    return route$;
  }

  return { at: (method, schema) => defer(() => open(method, schema)) };
}
