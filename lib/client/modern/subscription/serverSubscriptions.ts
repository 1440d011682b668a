import type { SubscriptionFilter } from '@modelcontextprotocol/client';
import {
  catchError,
  concatWith,
  defer,
  finalize,
  ignoreElements,
  merge,
  Subject,
  tap,
  throwError,
  timeout,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { isObject } from '../../../util/isObject';
import { ConnectionFailedError, ConnectionLostError, ServerError } from '../../../errors';
import type { Notification, RequestId } from '../../../protocol/types';
import { errorCode, modernErrorCode } from '../../../protocol/errorCodes';
import type { Sdk } from '../sdk';
import { metaKeys } from '../meta';
import type { DirectRequests } from '../directRequests';
import { createDeduplicator, type Deduplicator } from './deduplicate';

/** Sends the `subscriptions/listen` requests of one connection. */
export interface ServerSubscriptions {
  /**
   * Subscribes on the server, and emits the filter that the server has accepted. Errors when the subscription ends;
   * never completes. Cold. Unsubscribing ends the subscription on the server.
   */
  listen$(filter: SubscriptionFilter): Observable<SubscriptionFilter>;
  /**
   * Returns whether to emit a notification. Returns `false` for acknowledgements of a subscription, and for duplicates.
   */
  accept(notification: Notification): boolean;
  readonly quiet$: Deduplicator['quiet$'];
}

export interface ServerSubscriptionsContext {
  requests: DirectRequests;
  isSpecType: Sdk['isSpecType'];
  scheduler: SchedulerLike;
}

const acknowledgeTimeoutMs = 10_000;
/** The delay before resubscribing after the server ended a subscription gracefully, in milliseconds. */
const gracefulDelayMs = 1_000;
/** The codes of errors that are not retryable, because they recur on every attempt. */
const permanentCodes = new Set<number>([
  errorCode.methodNotFound,
  errorCode.invalidParams,
  modernErrorCode.unsupportedVersion,
]);

export function createServerSubscriptions({
  requests,
  isSpecType,
  scheduler,
}: ServerSubscriptionsContext): ServerSubscriptions {
  const duplicates = createDeduplicator(scheduler);
  const open = new Map<unknown, Subject<SubscriptionFilter>>();
  /** The ids of subscriptions that the server has not acknowledged yet. */
  const pendingAcks = new Set<unknown>();
  let count = 0;

  function listen$(filter: SubscriptionFilter): Observable<SubscriptionFilter> {
    return defer(() => {
      const id = subscriptionId(count++);
      const acknowledged$ = new Subject<SubscriptionFilter>();
      let openedAt: number | undefined;
      open.set(id, acknowledged$);
      pendingAcks.add(id);
      duplicates.open(id);
      const ended$ = requests
        .request$(id, 'subscriptions/listen', { notifications: filter })
        .pipe(
          ignoreElements(),
          concatWith(
            throwError(
              () => new ConnectionLostError('subscribing: ended by the server', { retryAfter: gracefulDelayMs }),
            ),
          ),
        );
      const silent$ = throwError(() => new ConnectionFailedError('subscribing: not acknowledged by the server'));
      return merge(
        acknowledged$.pipe(
          timeout({ first: acknowledgeTimeoutMs, scheduler, with: () => silent$ }),
          tap(() => {
            openedAt = scheduler.now();
          }),
        ),
        ended$,
      ).pipe(
        catchError((error: unknown) => {
          if (error instanceof ConnectionLostError && openedAt !== undefined) {
            error.uptime = scheduler.now() - openedAt;
            throw error;
          }
          // Most errors are temporary. For example, the server may have reached its limit of subscriptions.
          const isTransient = error instanceof ServerError && !permanentCodes.has(error.code);
          throw isTransient || error instanceof ConnectionLostError
            ? new ConnectionFailedError(error.message, { cause: error })
            : error;
        }),
        finalize(() => {
          open.delete(id);
          pendingAcks.delete(id);
          duplicates.close(id);
        }),
      );
    });
  }

  return {
    listen$,
    accept({ method, params }) {
      const id = params?._meta?.[metaKeys.subscriptionId];
      if (typeof id !== 'string') {
        const cancelled$ = method === 'notifications/cancelled' ? open.get(params?.['requestId']) : undefined;
        cancelled$?.error(
          new ConnectionLostError('subscribing: cancelled by the server', { retryAfter: gracefulDelayMs }),
        );
        return !cancelled$;
      }
      if (method !== 'notifications/subscriptions/acknowledged') {
        return duplicates.isNew(id, `${method} ${String(params?.['uri'])}`);
      }
      if (!pendingAcks.delete(id)) return false;
      const honored = params?.['notifications'];
      open.get(id)?.next(isObject(honored) && isSpecType.SubscriptionFilter(honored) ? honored : {});
      return false;
    },
    quiet$: duplicates.quiet$,
  };
}

const idPrefix = 'rx-mcp-listen-';

/** Returns the request id for the `n`th subscription of a connection: a string, because the SDK client uses numbers. */
function subscriptionId(n: number): string {
  return `${idPrefix}${String(n)}`;
}

/** Whether a request id belongs to a subscription. */
export function isSubscriptionId(id: RequestId): boolean {
  return typeof id === 'string' && id.startsWith(idPrefix);
}
