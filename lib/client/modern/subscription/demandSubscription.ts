import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import {
  auditTime,
  defer,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  noop,
  Observable,
  of,
  race,
  type SchedulerLike,
  startWith,
  Subject,
  switchMap,
  take,
  takeWhile,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { ServerError } from '../../../errors';
import type { Demand, Hub } from '../../../notification/hub';
import { errorCode } from '../../../protocol/errorCodes';
import type { LoggingLevel, ServerCapabilities } from '../../../protocol/types';
import type { StreamState } from '../../connection/connection';
import { isSameFilter, subscriptionFilter } from './subscriptionFilter';
import { type Outcome, switchSubscription, type SwitchSubscriptionOptions } from './switchSubscription';

/** Keeps the subscription of a connection in sync with the demand of the hub. */
export interface DemandSubscription {
  /**
   * Opens the subscription, and emits each change of its state. Errors if the connection becomes unusable. Cold, for
   * one subscriber.
   */
  readonly states$: Observable<StreamState>;
  /**
   * Adds a resource to the subscription. Completes when the server has accepted the resource. Errors if the server
   * declines it. Cold.
   */
  watch$(uri: string): Observable<never>;
  /** Removes a resource from the subscription. */
  unwatch(uri: string): void;
  /** Returns the log levels with a subscriber. */
  levels(): readonly LoggingLevel[];
  /** Emits when the server has acknowledged the current demand, or after a timeout, and completes. Cold. */
  readonly subscribed$: Observable<unknown>;
}

export interface DemandSubscriptionOptions extends Omit<SwitchSubscriptionOptions, 'onOutcome' | 'fetchedEarly$'> {
  capabilities: ServerCapabilities;
  /** Whether a subscription may be opened. `false` with the connector option `listen: false`. */
  mayListen: boolean;
}

/** The period within which changes of the demand are combined into one new subscription, in milliseconds. */
const demandDebounceMs = 20;
/** The maximum time that fetching a list waits for the subscription to its changes, in milliseconds. */
const subscribeTimeoutMs = 1_000;

export function createDemandSubscription(options: DemandSubscriptionOptions): DemandSubscription {
  const { capabilities, mayListen, hub, scheduler } = options;
  if (!mayListen) return closedSubscription(hub, scheduler);
  const watched = new Set<string>();
  const changed$ = new Subject<void>();
  const fetchedEarly$ = new Subject<void>();
  const outcomes$ = new Subject<Outcome>();
  let demand: Demand | undefined;
  let lastOutcome: Outcome = { requested: {} };

  function wantedFilter(): SubscriptionFilter {
    return demand ? subscriptionFilter(demand, watched, capabilities) : {};
  }

  function onOutcome(outcome: Outcome): void {
    lastOutcome = outcome;
    outcomes$.next(outcome);
  }

  function unwatch(uri: string): void {
    watched.delete(uri);
    changed$.next();
  }

  const demanded$ = hub.demand$.pipe(
    tap((now) => {
      demand = now;
    }),
  );
  const initialDemand$ = demanded$.pipe(take(1));
  const changedFilter$ = merge(demanded$, changed$).pipe(auditTime(demandDebounceMs, scheduler));
  const filter$ = merge(changedFilter$, initialDemand$).pipe(map(wantedFilter));

  return {
    states$: switchSubscription(filter$, { ...options, onOutcome, fetchedEarly$ }),
    watch$: (uri) =>
      defer(() => {
        watched.add(uri);
        changed$.next();
        let accepted = false;
        return outcomes$.pipe(
          startWith(lastOutcome),
          filter(({ requested }) => includes(requested, uri)),
          map(({ honored, rejection }) => {
            if (rejection) throw rejection;
            accepted = honored !== undefined && includes(honored, uri);
            if (accepted || !honored) return accepted;
            throw new ServerError(`resources/subscribe: not accepted by the server (${uri})`, {
              code: errorCode.methodNotFound,
            });
          }),
          takeWhile((isAccepted) => !isAccepted),
          ignoreElements(),
          finalize(() => {
            if (!accepted) unwatch(uri);
          }),
        );
      }),
    unwatch,
    levels: () => demand?.levels() ?? [],
    // Wait for a microtask, because a view may fetch a list before it subscribes to the changes.
    subscribed$: defer(() => Promise.resolve()).pipe(
      switchMap(() => {
        const isSubscribed = (): boolean => isSameFilter(lastOutcome.requested, wantedFilter());
        if (isSubscribed()) return of(undefined);
        const timedOut$ = timer(subscribeTimeoutMs, scheduler).pipe(
          tap(() => {
            fetchedEarly$.next();
          }),
        );
        return race(outcomes$.pipe(filter(isSubscribed)), timedOut$).pipe(take(1));
      }),
    ),
  };
}

/** Creates a {@link DemandSubscription} that is never opened. */
function closedSubscription(hub: Hub, scheduler: SchedulerLike): DemandSubscription {
  let demand: Demand | undefined;
  return {
    states$: new Observable((subscriber) => {
      subscriber.next({ listening: false, since: scheduler.now(), unavailable: true });
      return hub.demand$.subscribe((now) => {
        demand = now;
      });
    }),
    watch$: (uri) =>
      throwError(
        () =>
          new ServerError(`resources/subscribe: not subscribed to ${uri} (listen: false)`, {
            code: errorCode.methodNotFound,
          }),
      ),
    unwatch: noop,
    levels: () => demand?.levels() ?? [],
    subscribed$: of(undefined),
  };
}

function includes({ resourceSubscriptions = [] }: SubscriptionFilter, uri: string): boolean {
  return resourceSubscriptions.includes(uri);
}
