import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defer, finalize, share, type Observable } from 'rxjs';
import type { InvalidNotificationError } from '../errors';
import type { Notification } from '../protocol/types';
import type { Routes } from './routes';
import { validation, type ParsedNotification } from './params';

/** Parsed notifications by method and schema. */
export interface SchemaRoutes {
  /**
   * Returns the notifications with one method whose params match the schema. Hot. Completes with the route of the
   * method.
   */
  at(method: string, schema: StandardSchemaV1): Observable<ParsedNotification>;
}

/**
 * Creates routes that share one subscription per method and schema, so that each notification is parsed only once.
 *
 * @param onInvalid - called once for each notification whose params do not match.
 */
export function createSchemaRoutes(
  methods: Pick<Routes<string, Notification>, 'at'>,
  onInvalid: (error: InvalidNotificationError) => void,
): SchemaRoutes {
  const routes = new WeakMap<StandardSchemaV1, Map<string, Observable<ParsedNotification>>>();

  function open(method: string, schema: StandardSchemaV1): Observable<ParsedNotification> {
    const byMethod = routes.get(schema) ?? new Map<string, Observable<ParsedNotification>>();
    const existing$ = byMethod.get(method);
    if (existing$) return existing$;
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
