import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defer, filter, map, merge, Observable, startWith, Subject } from 'rxjs';
import type { MCPError } from '../errors';
import type { JSONRPCRequest, JSONRPCResponse, LoggingLevel, Notification, ProgressToken } from '../protocol/types';
import type { NotificationOf } from './notificationMap';
import { invalidParams, paramsIssue, type ParsedNotification } from './params';
import type { Progress } from './progressOf';
import { Routes } from './routes';
import { createSchemaRoutes } from './schemaRoutes';

/**
 * Where everything that a session hears comes together. It outlives connections: they push into it, and nobody who
 * subscribed to it ever has to subscribe again. All its streams are hot, complete with {@link Hub.complete} and never error.
 */
export interface Hub {
  /** Every notification, in wire order. */
  readonly notifications$: Observable<Notification>;
  /** Everything incoming. */
  readonly messages$: Subject<IncomingMessage>;
  /** Faults that belong to no call. */
  readonly errors$: Subject<MCPError>;
  /** Stretches of time in which notifications may have been missed. */
  readonly gaps$: Subject<Gap>;
  /** Notifications of one method, with params that fit what the protocol says of them. */
  ofMethod(method: string): Observable<Notification>;
  /** The same, with params as a schema makes them: parsed once, and reported once, for all who have the same schema. */
  ofSchema(method: string, schema: StandardSchemaV1): Observable<ParsedNotification>;
  /** The progress reported for one token. */
  ofToken(token: ProgressToken): Observable<Progress>;
  /** `notifications/resources/updated` for one URI. */
  ofUri(uri: string): Observable<ResourceUpdated>;
  /** Log messages, of all levels; asks the server for those of one level and above. */
  ofLevel(level: LoggingLevel): Observable<Notification>;
  /** What is subscribed to: now, then each time that changes. */
  readonly demand$: Observable<Demand>;
  /**
   * Tells everybody of a notification before it returns. For wire order, what comes in meanwhile is to be pushed after.
   * Returns whether its params are what the protocol says of them; if not, that has been told.
   */
  push(notification: Notification): boolean;
  /** Tells of a fault, on `messages$` and `errors$`. */
  report(error: MCPError): void;
  /** Completes every stream. Nothing is told after it. */
  complete(): void;
}

type ProgressNotification = NotificationOf<'notifications/progress'>;
type ResourceUpdated = NotificationOf<'notifications/resources/updated'>;

/** A new hub; see {@link Hub}. */
export function createHub(): Hub {
  const all$ = new Subject<Notification>();
  const demanded$ = new Subject<void>();
  const demanded = (): void => demanded$.next();
  const methods = new Routes<string, Notification>(demanded);
  const tokens = new Routes<ProgressToken, Progress>();
  const uris = new Routes<string, ResourceUpdated>(demanded);
  const levels = new Routes<LoggingLevel, Notification>(demanded);
  const demand: Demand = {
    all: () => all$.observed,
    methods: () => methods.keys(),
    uris: () => uris.keys(),
    levels: () => levels.keys(),
  };
  const schemas = createSchemaRoutes({ at: ofMethod }, report);
  const messages$ = new Subject<IncomingMessage>();
  const errors$ = new Subject<MCPError>();
  const gaps$ = new Subject<Gap>();
  let pushes = 0;
  /** The push that is being told now, counted from 1. */
  let now: number | undefined;

  /** As with any Subject, who subscribes while a notification is being told hears the next one first. */
  function fromNext<T>(route$: Observable<T>): Observable<T> {
    return defer(() => {
      const missed = now;
      return missed === undefined ? route$ : route$.pipe(filter(() => now !== missed));
    });
  }

  function ofMethod(method: string): Observable<Notification> {
    return fromNext(methods.at(method));
  }

  function report(error: MCPError): void {
    if (messages$.observed) messages$.next({ at: Date.now(), kind: 'error', error });
    errors$.next(error);
  }

  function tell(notification: Notification): boolean {
    if (all$.observed) all$.next(notification);
    const issue = paramsIssue(notification);
    if (issue) {
      report(invalidParams(notification, [issue]));
      return false;
    }
    methods.send(notification.method, notification);
    if (isProgress(notification)) tokens.send(notification.params.progressToken, notification.params);
    else if (isResourceUpdated(notification)) uris.send(notification.params.uri, notification);
    return true;
  }

  const hub: Hub = {
    notifications$: new Observable((subscriber) => {
      const isFirst = !all$.observed;
      const subscription = all$.subscribe(subscriber);
      if (isFirst) demanded();
      return () => {
        subscription.unsubscribe();
        if (!all$.observed) demanded();
      };
    }),
    messages$,
    errors$,
    gaps$,
    ofMethod,
    ofSchema: (method, schema) => fromNext(schemas.at(method, schema)),
    ofToken: (token) => fromNext(tokens.at(token)),
    ofUri: (uri) => fromNext(uris.at(uri)),
    ofLevel: (level) => merge(levels.at(level), ofMethod('notifications/message')),
    demand$: defer(() =>
      demanded$.pipe(
        startWith(undefined),
        map(() => demand),
      ),
    ),
    push(notification) {
      const outer = now;
      now = ++pushes;
      const isFit = tell(notification);
      now = outer;
      return isFit;
    },
    report,
    complete() {
      all$.complete();
      for (const routes of [methods, tokens, uris, levels]) routes.complete();
      demanded$.complete();
      messages$.complete();
      gaps$.complete();
      errors$.complete();
    },
  };
  hubs.set(hub.notifications$, hub);
  return hub;
}

// Of what has no issue, the method tells the params.
function isProgress(notification: Notification): notification is ProgressNotification {
  return notification.method === 'notifications/progress';
}

function isResourceUpdated(notification: Notification): notification is ResourceUpdated {
  return notification.method === 'notifications/resources/updated';
}

/** The hub that a stream comes straight from, for a session's own `notifications$`. */
export const hubs = new WeakMap<object, Hub>();

/** What is subscribed to on a hub, as of each call. */
export interface Demand {
  /** Whether somebody hears the whole stream. */
  all(): boolean;
  /** The methods that somebody hears. */
  methods(): string[];
  /** The resources that somebody hears of. */
  uris(): string[];
  /** The levels from which on somebody hears log messages. */
  levels(): LoggingLevel[];
}

/** A stretch of time in which notifications may have been missed. */
export interface Gap {
  /** When the server was last surely heard, in milliseconds since the epoch. */
  since: number;
  /** When it was heard again, in milliseconds since the epoch. */
  until: number;
  /** Why it was not heard in between. */
  cause: Error;
}

/**
 * Anything that came in, in the order in which it came: a notification, a request of the server, a response to one of ours, or
 * a fault, which is told on `errors$` too. `at` is in milliseconds since the epoch.
 */
export type IncomingMessage = { at: number } & (
  | { kind: 'notification'; notification: Notification }
  | { kind: 'request'; request: JSONRPCRequest }
  | { kind: 'response'; response: JSONRPCResponse }
  | { kind: 'error'; error: MCPError }
);
