import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defer, filter, map, merge, Observable, startWith, Subject } from 'rxjs';
import type { MCPError } from '../errors';
import type { JSONRPCRequest, JSONRPCResponse, LoggingLevel, Notification, ProgressToken } from '../protocol/types';
import type { NotificationOf } from './notificationMap';
import { invalidParams, paramsIssue, type ParsedNotification } from './params';
import type { Progress } from './progressOf';
import { Routes } from './routes';
import { createSchemaRoutes } from './schemaRoutes';
import { ancestorKeys, uriKey } from './uri';

/**
 * The incoming streams of a session. The hub outlives connections, which push into it, so subscriptions survive
 * reconnections. All streams are hot, complete with {@link Hub.complete} and never error.
 */
export interface Hub {
  /** Every notification, in wire order. */
  readonly notifications$: Observable<Notification>;
  /** All incoming messages and faults. */
  readonly messages$: Subject<IncomingMessage>;
  /** Faults outside of calls, as typed errors. */
  readonly errors$: Subject<MCPError>;
  /** Periods in which notifications may have been missed. */
  readonly gaps$: Subject<Gap>;
  /** Notifications with one method. For a method that the protocol defines, only those with valid params. */
  ofMethod(method: string): Observable<Notification>;
  /**
   * Notifications with one method and params parsed by a schema. Each notification is parsed, and reported if invalid, once for
   * all subscribers of a schema.
   */
  ofSchema(method: string, schema: StandardSchemaV1): Observable<ParsedNotification>;
  /** The progress of one token. */
  ofToken(token: ProgressToken): Observable<Progress>;
  /** The `notifications/resources/updated` notifications of one URI. */
  ofUri(uri: string, options?: { subresources?: boolean | undefined }): Observable<ResourceUpdated>;
  /** Log messages of all levels. Adds `level` to the demand, so that the server sends messages of that level and above. */
  ofLevel(level: LoggingLevel): Observable<Notification>;
  /** The current demand, then each change. */
  readonly demand$: Observable<Demand>;
  /**
   * Emits a notification synchronously. To keep the wire order, push a message that arrives during the call only after the call
   * has returned. Returns `false` if the params are invalid, after reporting an `InvalidNotificationError`.
   */
  push(notification: Notification): boolean;
  /** Emits a fault on `messages$` and `errors$`. */
  report(error: MCPError): void;
  /** Completes all streams. */
  complete(): void;
}

type ProgressNotification = NotificationOf<'notifications/progress'>;
type ResourceUpdated = NotificationOf<'notifications/resources/updated'>;

/** Creates a {@link Hub}. */
export function createHub(): Hub {
  const all$ = new Subject<Notification>();
  const demandChanged$ = new Subject<void>();
  const onDemandChange = (): void => demandChanged$.next();
  const methods = new Routes<string, Notification>(onDemandChange);
  const tokens = new Routes<ProgressToken, Progress>();
  const uris = new Routes<string, ResourceUpdated>(onDemandChange);
  const trees = new Routes<string, ResourceUpdated>(onDemandChange);
  /** The original spelling of each URI that differs from its key. */
  const spellings = new Map<string, string>();
  const levels = new Routes<LoggingLevel, Notification>(onDemandChange);
  const demand: Demand = {
    all: () => all$.observed,
    methods: () => methods.keys(),
    uris() {
      const keys = new Set([...uris.keys(), ...trees.keys()]);
      for (const key of spellings.keys()) if (!keys.has(key)) spellings.delete(key);
      return [...keys].map((key) => spellings.get(key) ?? key);
    },
    levels: () => levels.keys(),
  };
  const schemas = createSchemaRoutes({ at: ofMethod }, report);
  const messages$ = new Subject<IncomingMessage>();
  const errors$ = new Subject<MCPError>();
  const gaps$ = new Subject<Gap>();
  let pushes = 0;
  /** The number of the push in progress, from 1. */
  let current: number | undefined;

  /**
   * Skips the emission in progress: as with any Subject, a subscriber that subscribes during an emission starts with the next
   * one.
   */
  function fromNext<T>(route$: Observable<T>): Observable<T> {
    return defer(() => {
      const skipped = current;
      return skipped === undefined ? route$ : route$.pipe(filter(() => current !== skipped));
    });
  }

  function ofMethod(method: string): Observable<Notification> {
    return fromNext(methods.at(method));
  }

  function report(error: MCPError): void {
    if (messages$.observed) messages$.next({ at: Date.now(), kind: 'error', error });
    errors$.next(error);
  }

  function emit(notification: Notification): boolean {
    if (all$.observed) all$.next(notification);
    const issue = paramsIssue(notification);
    if (issue) {
      report(invalidParams(notification, [issue]));
      return false;
    }
    methods.send(notification.method, notification);
    if (isProgress(notification)) tokens.send(notification.params.progressToken, notification.params);
    else if (isResourceUpdated(notification)) pushUpdate(notification);
    return true;
  }

  function pushUpdate(update: ResourceUpdated): void {
    const key = uriKey(update.params.uri);
    uris.send(key, update);
    if (trees.size > 0) for (const ancestor of ancestorKeys(key)) trees.send(ancestor, update);
  }

  function ofUri(
    uri: string,
    { subresources = false }: { subresources?: boolean | undefined } = {},
  ): Observable<ResourceUpdated> {
    const key = uriKey(uri);
    return defer(() => {
      if (key !== uri) spellings.set(key, uri);
      return fromNext((subresources ? trees : uris).at(key));
    });
  }

  const hub: Hub = {
    notifications$: new Observable((subscriber) => {
      const isFirst = !all$.observed;
      const subscription = all$.subscribe(subscriber);
      if (isFirst) onDemandChange();
      return () => {
        subscription.unsubscribe();
        if (!all$.observed) onDemandChange();
      };
    }),
    messages$,
    errors$,
    gaps$,
    ofMethod,
    ofSchema: (method, schema) => fromNext(schemas.at(method, schema)),
    ofToken: (token) => fromNext(tokens.at(token)),
    ofUri,
    ofLevel: (level) => merge(levels.at(level), ofMethod('notifications/message')),
    demand$: defer(() =>
      demandChanged$.pipe(
        startWith(undefined),
        map(() => demand),
      ),
    ),
    push(notification) {
      const outer = current;
      current = ++pushes;
      const isValid = emit(notification);
      current = outer;
      return isValid;
    },
    report,
    complete() {
      all$.complete();
      for (const routes of [methods, tokens, uris, trees, levels]) routes.complete();
      demandChanged$.complete();
      messages$.complete();
      gaps$.complete();
      errors$.complete();
    },
  };
  hubs.set(hub.notifications$, hub);
  return hub;
}

// For valid notifications, the method determines the type of the params.
function isProgress(notification: Notification): notification is ProgressNotification {
  return notification.method === 'notifications/progress';
}

function isResourceUpdated(notification: Notification): notification is ResourceUpdated {
  return notification.method === 'notifications/resources/updated';
}

/** Hubs by their `notifications$`, so that operators on a session's own stream can use its routes. */
export const hubs = new WeakMap<object, Hub>();

/** The current subscriptions to a hub. */
export interface Demand {
  /** Whether the whole stream has a subscriber. */
  all(): boolean;
  /** The methods with a subscriber. */
  methods(): string[];
  /** The resource URIs with a subscriber. */
  uris(): string[];
  /** The log levels with a subscriber. */
  levels(): LoggingLevel[];
}

/** A period in which notifications may have been missed. */
export interface Gap {
  /** When the connection was last known to be live, in milliseconds since the epoch. */
  since: number;
  /** When the connection was live again, in milliseconds since the epoch. */
  until: number;
  /** The error that interrupted the connection. */
  cause: Error;
}

/**
 * An incoming message: a notification, a server request or a response; or a fault, which `errors$` emits as well. `at` is in
 * milliseconds since the epoch.
 */
export type IncomingMessage = { at: number } & (
  | { kind: 'notification'; notification: Notification }
  | { kind: 'request'; request: JSONRPCRequest }
  | { kind: 'response'; response: JSONRPCResponse }
  | { kind: 'error'; error: MCPError }
);
