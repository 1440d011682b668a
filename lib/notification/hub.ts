import type { StandardSchemaV1 } from '@standard-schema/spec';
import { BehaviorSubject, defer, filter, Observable, Subject } from 'rxjs';
import type { MCPError } from '../errors';
import type { JSONRPCRequest, JSONRPCResponse, LoggingLevel, Notification, ProgressToken } from '../protocol/types';
import type { NotificationOf } from './notificationMap';
import { invalidParams, paramsIssue, type ParsedNotification } from './params';
import type { Progress } from './progressOf';
import { Routes } from './routes';
import { createSchemaRoutes, type SchemaRoutes } from './schemaRoutes';
import { ancestorKeys, uriKey } from './uri';

/**
 * The incoming streams of a session. Connections push into the hub, and the hub outlives them, so subscriptions survive
 * reconnections. All streams are hot, complete with {@link Hub.complete}, and never error.
 */
export interface Hub {
  /** Every notification from the server, in wire order. */
  readonly notifications$: Observable<Notification>;
  /** Every incoming message, and every error of `errors$`. */
  readonly messages$: Subject<IncomingMessage>;
  /** Errors that do not belong to a call. */
  readonly errors$: Subject<MCPError>;
  /** Periods during which notifications may have been missed. */
  readonly gaps$: Subject<Gap>;
  /** Returns the notifications with one of the methods. If the protocol defines a method, only those with valid params. */
  ofMethod(...methods: string[]): Observable<Notification>;
  /**
   * Returns the notifications with one method, with params parsed by a schema. All subscribers of a schema share the
   * parsing: each notification is parsed once, and reported once if it is invalid.
   */
  ofSchema(method: string, schema: StandardSchemaV1): Observable<ParsedNotification>;
  /** Returns the progress for one token. */
  ofToken(token: ProgressToken): Observable<Progress>;
  /** Returns the `notifications/resources/updated` notifications for one URI. */
  ofUri(uri: string, options?: { subresources?: boolean | undefined }): Observable<ResourceUpdated>;
  /**
   * Returns the log messages, of all levels. While subscribed, `level` is part of the demand, so that the server sends
   * messages of that level and above.
   */
  ofLevel(level: LoggingLevel): Observable<Notification>;
  /** The current demand, then each change. */
  readonly demand$: Observable<Demand>;
  /**
   * Emits a notification synchronously. Not reentrant: to preserve the wire order, push a message that arrives during
   * the call after the call has returned.
   *
   * @returns `false` if the params are invalid. An `InvalidNotificationError` has then been reported.
   */
  push(notification: Notification): boolean;
  /** Emits an error on `messages$` and `errors$`. */
  report(error: MCPError): void;
  /** Completes all streams. */
  complete(): void;
}

type ProgressNotification = NotificationOf<'notifications/progress'>;
type ResourceUpdated = NotificationOf<'notifications/resources/updated'>;

export function createHub(): Hub {
  const hub = new SessionHub();
  hubs.set(hub.notifications$, hub);
  return hub;
}

/** A class instead of closures, to save memory: the closures would take most of the memory of an idle session. */
class SessionHub implements Hub, Demand {
  readonly notifications$: Observable<Notification>;
  readonly messages$ = new Subject<IncomingMessage>();
  readonly errors$ = new Subject<MCPError>();
  readonly gaps$ = new Subject<Gap>();
  readonly demand$ = new BehaviorSubject<Demand>(this);
  readonly #all$ = new Subject<Notification>();
  readonly #methods: Routes<string, Notification>;
  readonly #uris: Routes<string, ResourceUpdated>;
  readonly #subtrees: Routes<string, ResourceUpdated>;
  readonly #levels: Routes<LoggingLevel, Notification>;
  readonly #tokens = new Routes<ProgressToken, Progress>();
  #schemas: SchemaRoutes | undefined;
  /** The original spelling of each URI that differs from its key. */
  #spellings: Map<string, string> | undefined;
  #pushes = 0;
  /** The number of the push in progress, from 1. `undefined` if there is none. */
  #current: number | undefined;

  constructor() {
    const onDemandChange = (): void => this.demand$.next(this);
    this.#methods = new Routes(onDemandChange);
    this.#uris = new Routes(onDemandChange);
    this.#subtrees = new Routes(onDemandChange);
    this.#levels = new Routes(onDemandChange);
    this.notifications$ = new Observable((subscriber) => {
      const isFirst = !this.#all$.observed;
      const subscription = this.#all$.subscribe(subscriber);
      if (isFirst) onDemandChange();
      return () => {
        subscription.unsubscribe();
        if (!this.#all$.observed) onDemandChange();
      };
    });
  }

  all(): boolean {
    return this.#all$.observed;
  }

  methods(): string[] {
    return this.#methods.keys();
  }

  uris(): string[] {
    const spellings = this.#spellings;
    const keys = new Set([...this.#uris.keys(), ...this.#subtrees.keys()]);
    for (const key of spellings?.keys() ?? []) if (!keys.has(key)) spellings?.delete(key);
    return [...keys].map((key) => spellings?.get(key) ?? key);
  }

  levels(): LoggingLevel[] {
    return this.#levels.keys();
  }

  ofMethod(...methods: string[]): Observable<Notification> {
    return this.#fromNext(this.#methods.at(...methods));
  }

  ofSchema(method: string, schema: StandardSchemaV1): Observable<ParsedNotification> {
    this.#schemas ??= createSchemaRoutes({ at: (key) => this.ofMethod(key) }, this.report);
    return this.#fromNext(this.#schemas.at(method, schema));
  }

  ofToken(token: ProgressToken): Observable<Progress> {
    return this.#fromNext(this.#tokens.at(token));
  }

  ofUri(
    uri: string,
    { subresources = false }: { subresources?: boolean | undefined } = {},
  ): Observable<ResourceUpdated> {
    const key = uriKey(uri);
    return defer(() => {
      if (key !== uri) (this.#spellings ??= new Map<string, string>()).set(key, uri);
      return this.#fromNext((subresources ? this.#subtrees : this.#uris).at(key));
    });
  }

  ofLevel(level: LoggingLevel): Observable<Notification> {
    return new Observable((subscriber) => {
      this.#levels.at(level).subscribe(subscriber);
      this.ofMethod('notifications/message').subscribe(subscriber);
    });
  }

  push(notification: Notification): boolean {
    const outer = this.#current;
    this.#current = ++this.#pushes;
    const isValid = this.#emit(notification);
    this.#current = outer;
    return isValid;
  }

  // A property instead of a method, because it is passed as a callback.
  readonly report = (error: MCPError): void => {
    if (this.messages$.observed) this.messages$.next({ at: Date.now(), kind: 'error', error });
    this.errors$.next(error);
  };

  complete(): void {
    this.#all$.complete();
    for (const routes of [this.#methods, this.#tokens, this.#uris, this.#subtrees, this.#levels]) routes.complete();
    this.demand$.complete();
    this.messages$.complete();
    this.gaps$.complete();
    this.errors$.complete();
  }

  /**
   * Skips the push in progress. A subscriber that subscribes during an emission receives the next notification first,
   * as with any Subject.
   */
  #fromNext<T>(route$: Observable<T>): Observable<T> {
    return defer(() => {
      const skipped = this.#current;
      return skipped === undefined ? route$ : route$.pipe(filter(() => this.#current !== skipped));
    });
  }

  #emit(notification: Notification): boolean {
    if (this.#all$.observed) this.#all$.next(notification);
    const issue = paramsIssue(notification);
    if (issue) {
      this.report(invalidParams(notification, [issue]));
      return false;
    }
    this.#methods.send(notification.method, notification);
    if (isProgress(notification)) this.#tokens.send(notification.params.progressToken, notification.params);
    else if (isResourceUpdated(notification)) this.#pushUpdate(notification);
    return true;
  }

  #pushUpdate(update: ResourceUpdated): void {
    const key = uriKey(update.params.uri);
    this.#uris.send(key, update);
    if (this.#subtrees.size > 0) for (const ancestor of ancestorKeys(key)) this.#subtrees.send(ancestor, update);
  }
}

// Called with valid notifications only, so the method determines the type of the params.
function isProgress(notification: Notification): notification is ProgressNotification {
  return notification.method === 'notifications/progress';
}

function isResourceUpdated(notification: Notification): notification is ResourceUpdated {
  return notification.method === 'notifications/resources/updated';
}

/** The hub of each `notifications$`, so that operators on a session's own stream can use the routes of its hub. */
export const hubs = new WeakMap<object, Hub>();

/** The current subscriptions to a hub. Determines what to request from the server. */
export interface Demand {
  /** Whether `notifications$` has a subscriber. */
  all(): boolean;
  /** The methods with a subscriber. */
  methods(): string[];
  /** The resource URIs with a subscriber. */
  uris(): string[];
  /** The log levels with a subscriber. */
  levels(): LoggingLevel[];
}

/** A period during which notifications may have been missed. */
export interface Gap {
  /** When the connection was last known to be live, in milliseconds since the Unix epoch. */
  since: number;
  /** When the connection was live again, in milliseconds since the Unix epoch. */
  until: number;
  /** The error that interrupted the connection. */
  cause: Error;
}

/**
 * An incoming message, discriminated by `kind`: a notification, a server request or a response; or an error, which
 * `errors$` emits as well. `at` is the time of receipt, in milliseconds since the Unix epoch.
 */
export type IncomingMessage = { at: number } & (
  | { kind: 'notification'; notification: Notification }
  | { kind: 'request'; request: JSONRPCRequest }
  | { kind: 'response'; response: JSONRPCResponse }
  | { kind: 'error'; error: MCPError }
);
