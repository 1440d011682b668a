import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import {
  catchError,
  ignoreElements,
  Observable,
  type Observer,
  type SchedulerLike,
  Subscription,
  takeWhile,
  tap,
} from 'rxjs';
import { createGapTracker } from '../../connection/gapTracker';
import { ConnectionFailedError, ConnectionLostError, ServerError, type MCPError } from '../../../errors';
import type { Hub } from '../../../notification/hub';
import { errorCode } from '../../../protocol/errorCodes';
import type { StreamState } from '../../connection/connection';
import { retryWith, type RetryPolicy } from '../../connection/retry/retryWith';
import { toPassing } from '../../connection/retry/toPassing';
import { toTypedError } from '../../connection/toTypedError';
import type { ServerSubscriptions } from './serverSubscriptions';
import { isEmptyFilter, isSameFilter, declinedParts } from './subscriptionFilter';

/** Options for {@link switchSubscription}. */
export interface SwitchSubscriptionOptions {
  listens: ServerSubscriptions;
  /** Creates the policy for resubscribing. */
  waits(): RetryPolicy;
  /** Returns when the server was last known to be live, or `undefined` if that is not observed. */
  heardAt(): number | undefined;
  /** Reports an error once per `what`. */
  warn(what: string, error: MCPError): void;
  settle(outcome: Outcome): void;
  /** Emits when a list was fetched before the subscription to its changes was open. */
  fetchedEarly$: Observable<unknown>;
  hub: Hub;
  scheduler: SchedulerLike;
}

const unsettled = 'subscribing: replaced a subscription during continuous changes';

/**
 * Subscribes to the latest filter. A new subscription is open before the old one is closed. A dropped subscription is reopened by
 * the policy, and a gap is emitted. Emits every change of state. Errors if the connection becomes unusable.
 */
export function switchSubscription(
  filter$: Observable<SubscriptionFilter>,
  { listens, waits, heardAt, warn, settle, fetchedEarly$, hub, scheduler }: SwitchSubscriptionOptions,
): Observable<StreamState> {
  return new Observable((subscriber) => {
    let wanted: SubscriptionFilter = {};
    let current: SubscriptionFilter = {};
    let opening: Subscription | undefined;
    let active: Subscription | undefined;
    let draining: Subscription | undefined;
    let everAgreed = false;
    const gap = createGapTracker(hub, scheduler);
    let told: StreamState = { listening: false, since: scheduler.now() };

    /** Emits a state, except `listening: true` when one subscription replaces another. */
    function tell(state: StreamState): void {
      if (!state.listening || !told.listening) subscriber.next(state);
      told = state;
    }

    /** Makes a new subscription the active one. Keeps the old subscription open until messages in transit have arrived. */
    function succeed(next: Subscription): void {
      const left = active;
      opening = undefined;
      active = next;
      if (!left) return;
      draining = left;
      left.add(() => {
        draining = undefined;
        follow();
      });
      if (!told.listening) {
        left.unsubscribe();
        return;
      }
      const since = scheduler.now();
      const end = (isSettled: boolean): void => {
        left.unsubscribe();
        // Without a quiet period, a notification may have been mistaken for a copy of another one.
        if (!isSettled) hub.gaps$.next({ since, until: scheduler.now(), cause: new ConnectionLostError(unsettled) });
      };
      left.add(listens.settled$.subscribe(end));
    }

    /** Only one switch happens at a time, because copies of three subscriptions could not be paired. */
    function follow(): void {
      if (draining || isSameFilter(wanted, current)) return;
      current = wanted;
      open(current);
    }

    function open(asked: SubscriptionFilter): void {
      const mine = new Subscription();
      let agreedOnce = false;
      let reported = false;
      opening?.unsubscribe();
      opening = mine;
      const since = (): number => (agreedOnce ? heardAt() : undefined) ?? scheduler.now();

      function agreed(honored: SubscriptionFilter): void {
        if (mine === opening) succeed(mine);
        agreedOnce = everAgreed = true;
        for (const what of declinedParts(asked, honored)) {
          warn(
            what,
            new ServerError(`subscribing: the server does not announce ${what}`, { code: errorCode.methodNotFound }),
          );
        }
        tell(isEmptyFilter(honored) ? { listening: false, since: scheduler.now() } : { listening: true });
        gap.close();
        settle({ asked, honored });
      }

      function failed(error: MCPError, attempt: number, delay: number): void {
        gap.open(since(), error);
        // The server may accept only one subscription: close the old one and retry.
        if (mine === opening && error.cause instanceof ServerError) {
          active?.unsubscribe();
          active = undefined;
        }
        // The first attempt after a drop is immediate, so the drop alone is not reported.
        const failing = attempt > 0 || !agreedOnce;
        if (attempt <= 1) reported = false;
        if (failing && !reported) hub.report(error);
        reported ||= failing;
        if (mine === active || !active) {
          const retry = failing && agreedOnce ? { attempt, delay, error } : undefined;
          tell({ listening: false, since: gap.since ?? since(), retry });
        }
        settle({ asked });
      }

      const ended: Partial<Observer<never>> = {
        error: (cause: unknown) => {
          const error = toTypedError(cause, 'subscribing');
          const isOver = error instanceof ServerError && error.code === errorCode.unsupportedVersion;
          const lasts = error instanceof ServerError || (error instanceof ConnectionFailedError && !error.retryable);
          if (!lasts || isOver) {
            subscriber.error(
              isOver
                ? new ConnectionLostError('subscribing: the server no longer supports this protocol version', { cause })
                : error,
            );
            return;
          }
          // Keyed by code, because the server's message may vary.
          warn(`subscriptions: ${String(error instanceof ServerError ? error.code : error.status)}`, error);
          if (mine === active || !active) tell({ listening: false, since: since() });
          settle({ asked, refused: error });
        },
      };
      mine.add(
        listens
          .listen$(asked)
          .pipe(
            tap(agreed),
            // If the server accepted no part of the filter, it does not send anything.
            takeWhile((honored) => !isEmptyFilter(honored)),
            ignoreElements(),
            catchError((cause: unknown) => {
              const error = toTypedError(cause, 'subscribing');
              throw everAgreed ? toPassing(error) : error;
            }),
            retryWith(waits, ({ attempt, delay }, cause) => {
              failed(toTypedError(cause, 'subscribing'), attempt, delay);
            }),
          )
          .subscribe(ended),
      );
    }

    function close(): void {
      wanted = current;
      for (const listen of [opening, active, draining]) listen?.unsubscribe();
      opening = active = draining = undefined;
    }

    subscriber.add(
      fetchedEarly$.subscribe(() => {
        gap.open(
          scheduler.now(),
          new ConnectionLostError('subscribing: a list was fetched before the subscription to its changes was open'),
        );
      }),
    );
    subscriber.add(
      filter$.subscribe((next) => {
        wanted = next;
        if (!isEmptyFilter(next)) {
          follow();
          return;
        }
        if (isEmptyFilter(current)) return;
        current = next;
        close();
        gap.discard();
        tell({ listening: false, since: scheduler.now() });
        settle({ asked: {} });
      }),
    );
    return close;
  });
}

/** The outcome of an attempt to subscribe. Without `honored` and `refused`, the attempt failed and will be retried. */
export interface Outcome {
  asked: SubscriptionFilter;
  /** The filter that the server accepted. */
  honored?: SubscriptionFilter;
  /** The error of a server that rejects this filter permanently. */
  refused?: Error;
}
