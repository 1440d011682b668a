import { Subject, type Observable } from 'rxjs';
import { InvalidNotificationError } from '../errors';
import type { Notification, ProgressToken } from '../protocol';
import type { Gap } from './gap';
import type { IncomingMessage } from './incomingMessage';
import { paramsIssue } from './paramsIssue';
import { createRoutes } from './routes';

/**
 * Where everything that a session hears comes together. It outlives connections: they push into it, and nobody who
 * subscribed to it ever has to subscribe again.
 */
export interface Hub {
  /** Hot; every notification, in wire order. */
  readonly notifications$: Observable<Notification>;
  /** Hot; everything incoming. */
  readonly messages$: Subject<IncomingMessage>;
  /** Hot; faults that belong to no call. */
  readonly errors$: Subject<Error>;
  /** Hot; stretches of time in which notifications may have been missed. */
  readonly gaps$: Subject<Gap>;
  /** Notifications of one method, with params that fit. */
  ofMethod(method: string): Observable<Notification>;
  /** Progress notifications for one token. */
  ofToken(token: ProgressToken): Observable<Notification>;
  /** `notifications/resources/updated` for one URI. */
  ofUri(uri: string): Observable<Notification>;
  push(notification: Notification): void;
  report(error: Error): void;
  complete(): void;
}

const hubs = new WeakMap<object, Hub>();

/** The hub that a stream comes straight from, if it is a session's own. */
export function hubOf(source$: Observable<Notification>): Hub | undefined {
  return hubs.get(source$);
}

/** A new hub; see {@link Hub}. */
export function createHub(): Hub {
  const all$ = new Subject<Notification>();
  const methods = createRoutes<string, Notification>();
  const tokens = createRoutes<unknown, Notification>();
  const uris = createRoutes<unknown, Notification>();
  const messages$ = new Subject<IncomingMessage>();
  const errors$ = new Subject<Error>();
  const gaps$ = new Subject<Gap>();

  function report(error: Error): void {
    if (messages$.observed) messages$.next({ at: Date.now(), kind: 'error', error });
    errors$.next(error);
  }

  const hub: Hub = {
    notifications$: all$.asObservable(),
    messages$,
    errors$,
    gaps$,
    ofMethod: methods.at,
    ofToken: tokens.at,
    ofUri: uris.at,
    push(notification) {
      all$.next(notification);
      const { method, params } = notification;
      const issue = paramsIssue(notification);
      if (issue) {
        report(
          new InvalidNotificationError(`${method}: ${issue.message} at params.${String(issue.path?.[0])}`, {
            issues: [issue],
            notification,
          }),
        );
        return;
      }
      methods.send(method, notification);
      if (method === 'notifications/progress') tokens.send(params?.['progressToken'], notification);
      else if (method === 'notifications/resources/updated') uris.send(params?.['uri'], notification);
    },
    report,
    complete() {
      for (const end of [all$, methods, tokens, uris, messages$, gaps$, errors$]) end.complete();
    },
  };
  hubs.set(hub.notifications$, hub);
  return hub;
}
