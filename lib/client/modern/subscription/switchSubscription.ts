import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import { ignoreElements, Observable, type Observer, type SchedulerLike, Subscription, takeWhile, tap } from 'rxjs';
import { createGapTracker } from '../../connection/gapTracker';
import { ConnectionFailedError, ConnectionLostError, ServerError, type MCPError } from '../../../errors';
import type { Hub } from '../../../notification/hub';
import { errorCode } from '../../../protocol/errorCodes';
import type { StreamState } from '../../connection/connection';
import { retryWith, type RetryPolicy } from '../../connection/retry/retryWith';
import { toTypedError } from '../../connection/toTypedError';
import type { ServerSubscriptions } from './serverSubscriptions';
import { isEmptyFilter, isSameFilter, declinedParts } from './subscriptionFilter';

/** What relaying needs. */
export interface SwitchSubscriptionOptions {
  listens: ServerSubscriptions;
  /** When to subscribe again. */
  waits(): RetryPolicy;
  /** When the server was last surely heard, if that is known. */
  heardAt(): number | undefined;
  /** Tells of what the server does not tell of; once, however often it is called. */
  warn(what: string, error: MCPError): void;
  settle(outcome: Outcome): void;
  /** Emits when something was fetched that is not yet subscribed to. */
  hasty$: Observable<unknown>;
  hub: Hub;
  scheduler: SchedulerLike;
}

const unsettled = 'one subscription took the place of another while changes came all the time';

/**
 * Holds the subscription to the last filter that came: the one to a new filter is open before the one to the old filter is
 * closed. One that drops is made again by the policy, and then there was a gap. Emits every change of state; errors when the
 * connection is of no more use.
 */
export function switchSubscription(
  filter$: Observable<SubscriptionFilter>,
  { listens, waits, heardAt, warn, settle, hasty$, hub, scheduler }: SwitchSubscriptionOptions,
): Observable<StreamState> {
  return new Observable((subscriber) => {
    let wanted: SubscriptionFilter = {};
    let current: SubscriptionFilter = {};
    let opening: Subscription | undefined;
    let serving: Subscription | undefined;
    let leaving: Subscription | undefined;
    const gap = createGapTracker(hub, scheduler);
    let told: StreamState = { listening: false, since: scheduler.now() };

    /** That one subscription took the place of another is nobody's business. */
    function tell(state: StreamState): void {
      if (!state.listening || !told.listening) subscriber.next(state);
      told = state;
    }

    /** The one that is left goes on until what was under way on it has come. */
    function succeed(next: Subscription): void {
      const left = serving;
      opening = undefined;
      serving = next;
      if (!left) return;
      leaving = left;
      left.add(() => {
        leaving = undefined;
        follow();
      });
      if (!told.listening) {
        left.unsubscribe();
        return;
      }
      const since = scheduler.now();
      const end = (isSettled: boolean): void => {
        left.unsubscribe();
        // Where it never was quiet, one change may have been taken for the copy of another.
        if (!isSettled) hub.gaps$.next({ since, until: scheduler.now(), cause: new ConnectionLostError(unsettled) });
      };
      left.add(listens.settled$.subscribe(end));
    }

    /** One at a time: with three there would be no telling which copies belong together. */
    function follow(): void {
      if (leaving || isSameFilter(wanted, current)) return;
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
        agreedOnce = true;
        for (const what of declinedParts(asked, honored)) {
          warn(what, new ServerError(`the server does not tell of ${what}`, { code: errorCode.methodNotFound }));
        }
        tell(isEmptyFilter(honored) ? { listening: false, since: scheduler.now() } : { listening: true });
        gap.close();
        settle({ asked, honored });
      }

      function failed(error: MCPError, attempt: number, delay: number): void {
        gap.open(since(), error);
        // A server that is there but takes no more subscriptions may take this one in place of the other.
        if (mine === opening && error.cause instanceof ServerError) {
          serving?.unsubscribe();
          serving = undefined;
        }
        // The first attempt after a drop is made at once, and so is not yet a failure.
        const failing = attempt > 0 || !agreedOnce;
        if (attempt <= 1) reported = false;
        if (failing && !reported) hub.report(error);
        reported ||= failing;
        if (mine === serving || !serving) {
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
            subscriber.error(isOver ? new ConnectionLostError('the server has changed its version', { cause }) : error);
            return;
          }
          // By its kind: what it says is the server's, and may be different each time.
          warn(`subscriptions: ${String(error instanceof ServerError ? error.code : error.status)}`, error);
          if (mine === serving || !serving) tell({ listening: false, since: since() });
          settle({ asked, refused: error });
        },
      };
      mine.add(
        listens
          .listen$(asked)
          .pipe(
            tap(agreed),
            // A server that agreed to nothing has nothing to send.
            takeWhile((honored) => !isEmptyFilter(honored)),
            ignoreElements(),
            retryWith(waits, ({ attempt, delay }, cause) => {
              failed(toTypedError(cause, 'subscribing'), attempt, delay);
            }),
          )
          .subscribe(ended),
      );
    }

    function close(): void {
      wanted = current;
      for (const listen of [opening, serving, leaving]) listen?.unsubscribe();
      opening = serving = leaving = undefined;
    }

    subscriber.add(
      hasty$.subscribe(() => {
        gap.open(scheduler.now(), new ConnectionLostError('not yet subscribed to what was fetched'));
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

/** What became of an attempt to subscribe: with neither of the two it failed, and there will be another. */
export interface Outcome {
  asked: SubscriptionFilter;
  /** What the server agreed to. */
  honored?: SubscriptionFilter;
  /** Why there is no subscription, and will be none until something else is asked for. */
  refused?: Error;
}
