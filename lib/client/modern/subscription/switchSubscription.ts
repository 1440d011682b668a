import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import {
  catchError,
  ignoreElements,
  NEVER,
  Observable,
  retry,
  type SchedulerLike,
  Subscription,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { FailureReporter } from '../../connection/failureReporter';
import { GapTracker } from '../../connection/gapTracker';
import { ConnectionFailedError, ConnectionLostError, ServerError, type MCPError } from '../../../errors';
import type { Hub } from '../../../notification/hub';
import { errorCode, modernErrorCode } from '../../../protocol/errorCodes';
import type { StreamState } from '../../connection/connection';
import { retryWith, type RetryPolicy } from '../../connection/retry/retryWith';
import { deployTimeoutMs, rejectionDelay, toRetryable } from '../../connection/retry/streamRejection';
import { toTransportError } from '../../connection/toTransportError';
import type { ServerMemory } from '../serverMemory';
import type { ServerSubscriptions } from './serverSubscriptions';
import { isEmptyFilter, isSameFilter, declinedParts } from './subscriptionFilter';

/** Options for {@link switchSubscription}. */
export interface SwitchSubscriptionOptions {
  subscriptions: ServerSubscriptions;
  /** Creates the policy for resubscribing. */
  policy(): RetryPolicy;
  /**
   * Returns when the server was last known to be live, in milliseconds since the Unix epoch. Returns `undefined` if
   * unknown.
   */
  lastLiveAt(): number | undefined;
  /** Called with the outcome of each attempt to subscribe. */
  onOutcome(outcome: Outcome): void;
  /** Emits if a list was fetched before the subscription to its changes was open. */
  fetchedEarly$: Observable<unknown>;
  memory: ServerMemory;
  hub: Hub;
  scheduler: SchedulerLike;
}

const overlapMessage = 'subscribing: replaced a subscription during continuous changes';

/**
 * Subscribes on the server with the latest filter, and emits each change of state. When the filter changes, opens the
 * new subscription before it closes the old one. If a subscription drops, reopens it with the policy, and emits a gap.
 * Errors if the connection becomes unusable.
 */
export function switchSubscription(
  filter$: Observable<SubscriptionFilter>,
  { subscriptions, policy, lastLiveAt, onOutcome, fetchedEarly$, memory, hub, scheduler }: SwitchSubscriptionOptions,
): Observable<StreamState> {
  return new Observable((subscriber) => {
    let wanted: SubscriptionFilter = {};
    let current: SubscriptionFilter = {};
    let opening: Subscription | undefined;
    let active: Subscription | undefined;
    let draining: Subscription | undefined;
    let hasAccepted = false;
    const startedAt = scheduler.now();
    const gap = new GapTracker(hub, scheduler);
    let lastState: StreamState = { listening: false, since: scheduler.now() };

    /** Emits a state, except `listening: true` when one subscription replaces another. */
    function emitState(state: StreamState): void {
      if (!state.listening || !lastState.listening) subscriber.next(state);
      lastState = state;
    }

    /** Makes a new subscription the active one. Closes the old one when messages that are in transit have arrived. */
    function promote(next: Subscription): void {
      const previous = active;
      opening = undefined;
      active = next;
      if (!previous) return;
      draining = previous;
      previous.add(() => {
        draining = undefined;
        openNext();
      });
      if (!lastState.listening) {
        previous.unsubscribe();
        return;
      }
      const since = scheduler.now();
      const end = (isQuiet: boolean): void => {
        previous.unsubscribe();
        // During continuous changes, a notification may have been mistaken for a copy of another one, so emit a gap.
        if (!isQuiet) hub.gaps$.next({ since, until: scheduler.now(), cause: new ConnectionLostError(overlapMessage) });
      };
      previous.add(subscriptions.quiet$.subscribe(end));
    }

    /**
     * Opens the next subscription, unless another switch is in progress: copies from three subscriptions could not be
     * matched.
     */
    function openNext(): void {
      if (draining || isSameFilter(wanted, current)) return;
      current = wanted;
      open(current);
    }

    function open(requested: SubscriptionFilter): void {
      const own = new Subscription();
      let wasAccepted = false;
      let rejections = 0;
      const failures = new FailureReporter(hub);
      opening?.unsubscribe();
      opening = own;
      const since = (): number =>
        (wasAccepted ? lastLiveAt() : undefined) ?? (hasAccepted ? scheduler.now() : startedAt);

      function onAccepted(honored: SubscriptionFilter): void {
        if (own === opening) promote(own);
        wasAccepted = hasAccepted = memory.hadSubscription = true;
        for (const part of declinedParts(requested, honored)) {
          const message = `subscribing: the server does not announce ${part}`;
          memory.reportOnce(part, new ServerError(message, { code: errorCode.methodNotFound }), hub);
        }
        emitState(isEmptyFilter(honored) ? { listening: false, since: scheduler.now() } : { listening: true });
        gap.close();
        onOutcome({ requested, honored });
      }

      function onFailed(error: MCPError, attempt: number, delay: number): void {
        gap.open(since(), error);
        // The server may accept only one subscription at a time, so close the old one and retry.
        if (own === opening && error.cause instanceof ServerError) {
          active?.unsubscribe();
          active = undefined;
        }
        const isFailing = attempt > 0 || !wasAccepted;
        failures.onAttempt(error, attempt, isFailing);
        if (own === active || !active) {
          const retry = isFailing && wasAccepted ? { attempt, delay, error } : undefined;
          emitState({ listening: false, since: gap.since ?? since(), retry });
        }
        onOutcome({ requested });
      }

      /**
       * Handles a permanent rejection. After an HTTP status, which may come from a proxy during a deploy, retries
       * later.
       */
      function onRejected(cause: unknown): Observable<unknown> {
        const error = toTransportError(cause, 'subscribing');
        if (error instanceof ServerError && error.code === modernErrorCode.unsupportedVersion) {
          const message = 'subscribing: the server no longer supports this protocol version';
          throw new ConnectionLostError(message, { cause });
        }
        const isStatus = error instanceof ConnectionFailedError && !error.retryable;
        if (!isStatus && !(error instanceof ServerError)) throw error;
        // Identify the warning by its code, because the message may vary.
        memory.reportOnce(
          `subscriptions: ${String(error instanceof ServerError ? error.code : error.status)}`,
          error,
          hub,
        );
        if (own === active || !active) emitState({ listening: false, since: since() });
        onOutcome({ requested, rejection: error });
        return isStatus ? timer(rejectionDelay(rejections++), scheduler) : NEVER;
      }

      /**
       * Whether a rejection may come from a proxy during a deploy, because the server has accepted subscriptions
       * before.
       */
      function mayRecover(): boolean {
        return hasAccepted || (memory.hadSubscription && scheduler.now() - startedAt < deployTimeoutMs);
      }

      own.add(
        subscriptions
          .listen$(requested)
          .pipe(
            tap(onAccepted),
            // If the server has accepted no part of the filter, the subscription is useless and is closed.
            takeWhile((honored) => !isEmptyFilter(honored)),
            ignoreElements(),
            catchError((cause: unknown) => {
              const error = toTransportError(cause, 'subscribing');
              throw mayRecover() ? toRetryable(error) : error;
            }),
            retryWith(policy, ({ attempt, delay }, cause) => {
              onFailed(toTransportError(cause, 'subscribing'), attempt, delay);
            }),
            retry({ delay: onRejected }),
          )
          .subscribe({
            error: (error: unknown) => {
              subscriber.error(error);
            },
          }),
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
          openNext();
          return;
        }
        if (isEmptyFilter(current)) return;
        current = next;
        close();
        gap.discard();
        emitState({ listening: false, since: scheduler.now() });
        onOutcome({ requested: {} });
      }),
    );
    return close;
  });
}

/** The outcome of an attempt to subscribe. Without `honored` and `rejection`, the attempt failed and is retried. */
export interface Outcome {
  requested: SubscriptionFilter;
  /** The filter that the server has accepted. */
  honored?: SubscriptionFilter;
  /** The error with which the server has rejected this filter permanently. */
  rejection?: Error;
}
