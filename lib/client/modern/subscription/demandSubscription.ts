import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import {
  auditTime,
  defer,
  filter,
  finalize,
  firstValueFrom,
  ignoreElements,
  map,
  merge,
  type Observable,
  race,
  startWith,
  Subject,
  take,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { ServerError } from '../../../errors';
import type { Demand } from '../../../notification/hub';
import { errorCode } from '../../../protocol/errorCodes';
import type { LoggingLevel, ServerCapabilities } from '../../../protocol/types';
import type { StreamState } from '../../connection/connection';
import { isSameFilter, subscriptionFilter } from './subscriptionFilter';
import { type Outcome, switchSubscription, type SwitchSubscriptionOptions } from './switchSubscription';

/** What keeps a connection subscribed to what somebody hears of, and to nothing else. */
export interface DemandSubscription {
  /** Cold, for one subscriber; runs it. Emits every change of state; errors when the connection is of no more use. */
  readonly states$: Observable<StreamState>;
  /** Cold; adds a resource, and completes when the server has agreed to tell of it; errors when it does not. */
  watch$(uri: string): Observable<never>;
  /** Takes a resource away. */
  unwatch(uri: string): void;
  /** The levels from which on somebody hears log messages. */
  levels(): readonly LoggingLevel[];
  /** Resolves when the server has been asked for what somebody hears of by now, or has had its time. */
  settled(): Promise<void>;
}

/** What listening needs. */
export interface DemandSubscriptionOptions extends Omit<SwitchSubscriptionOptions, 'settle' | 'hasty$'> {
  capabilities: ServerCapabilities;
}

/** Milliseconds for which changes of demand are gathered. */
const moment = 20;
/** Milliseconds that lists wait for the subscription to their changes. */
const settleBound = 1_000;

/** See {@link DemandSubscription}. */
export function createDemandSubscription(options: DemandSubscriptionOptions): DemandSubscription {
  const { capabilities, hub, scheduler } = options;
  const watched = new Set<string>();
  const changed$ = new Subject<void>();
  const hasty$ = new Subject<void>();
  const outcomes$ = new Subject<Outcome>();
  let demand: Demand | undefined;
  let last: Outcome = { asked: {} };

  function wanted(): SubscriptionFilter {
    return demand ? subscriptionFilter(demand, watched, capabilities) : {};
  }

  function settle(outcome: Outcome): void {
    last = outcome;
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
  const first$ = demanded$.pipe(take(1));
  const later$ = merge(demanded$, changed$).pipe(auditTime(moment, scheduler));
  const filter$ = merge(later$, first$).pipe(map(wanted));

  return {
    states$: switchSubscription(filter$, { ...options, settle, hasty$ }),
    watch$: (uri) =>
      defer(() => {
        watched.add(uri);
        changed$.next();
        let agreed = false;
        return outcomes$.pipe(
          startWith(last),
          filter(({ asked }) => includes(asked, uri)),
          map(({ honored, refused }) => {
            if (refused) throw refused;
            agreed = honored !== undefined && includes(honored, uri);
            if (agreed || !honored) return agreed;
            throw new ServerError(`the server does not tell of updates of ${uri}`, { code: errorCode.methodNotFound });
          }),
          takeWhile((isAgreed) => !isAgreed),
          ignoreElements(),
          finalize(() => {
            if (!agreed) unwatch(uri);
          }),
        );
      }),
    unwatch,
    levels: () => demand?.levels() ?? [],
    async settled() {
      // Who fetches what it hears of may come to hear of it in the same turn, but later.
      await Promise.resolve();
      const isSettled = (): boolean => isSameFilter(last.asked, wanted());
      if (isSettled()) return;
      const late$ = timer(settleBound, scheduler).pipe(
        tap(() => {
          hasty$.next();
        }),
      );
      await firstValueFrom(race(outcomes$.pipe(filter(isSettled)), late$));
    },
  };
}

function includes({ resourceSubscriptions = [] }: SubscriptionFilter, uri: string): boolean {
  return resourceSubscriptions.includes(uri);
}
