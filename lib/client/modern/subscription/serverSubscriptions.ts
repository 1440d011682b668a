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
import type { Notification } from '../../../protocol/types';
import { errorCode } from '../../../protocol/errorCodes';
import { subscriptionId } from './subscriptionId';
import type { Sdk } from '../loadSdk';
import { metaKeys } from '../meta';
import type { DirectRequests } from '../directRequests';
import { createDeduplicator, type Deduplicator } from './deduplicate';

/** The subscriptions of one connection, as they are on the wire. */
export interface ServerSubscriptions {
  /**
   * Cold; subscribes to what the filter says, and emits what of it the server agreed to. Never completes: however the
   * subscription ends, it errors. Unsubscribing ends it on the server.
   */
  listen$(filter: SubscriptionFilter): Observable<SubscriptionFilter>;
  /** Whether a notification is one to be told: not if it is about a subscription, or has been heard on another one. */
  accept(notification: Notification): boolean;
  readonly settled$: Deduplicator['settled$'];
}

/** What subscribing needs. */
export interface ServerSubscriptionsContext {
  requests: DirectRequests;
  isSpecType: Sdk['isSpecType'];
  scheduler: SchedulerLike;
}

/** Milliseconds that a server has to agree. */
const agreeBound = 10_000;
/** Milliseconds to stay away when the server has ended a subscription in good order. */
const politeWait = 1_000;
/** The JSON-RPC codes of answers that do not change: no such method, params that do not fit, no such version. */
const lasting = new Set<number>([errorCode.methodNotFound, errorCode.invalidParams, errorCode.unsupportedVersion]);

/** See {@link ServerSubscriptions}. */
export function createServerSubscriptions({
  requests,
  isSpecType,
  scheduler,
}: ServerSubscriptionsContext): ServerSubscriptions {
  const twins = createDeduplicator(scheduler);
  const open = new Map<unknown, Subject<SubscriptionFilter>>();
  /** Those that the server has not agreed to yet: it does so once. */
  const asked = new Set<unknown>();
  let count = 0;

  function listen$(filter: SubscriptionFilter): Observable<SubscriptionFilter> {
    return defer(() => {
      const id = subscriptionId(count++);
      const agreed$ = new Subject<SubscriptionFilter>();
      let openedAt: number | undefined;
      open.set(id, agreed$);
      asked.add(id);
      twins.open(id);
      const ended$ = requests
        .request$(id, 'subscriptions/listen', { notifications: filter })
        .pipe(
          ignoreElements(),
          concatWith(
            throwError(() => new ConnectionLostError('the server ended the subscription', { retryAfter: politeWait })),
          ),
        );
      const silent$ = throwError(() => new ConnectionFailedError('the server did not acknowledge the subscription'));
      return merge(
        agreed$.pipe(
          timeout({ first: agreeBound, scheduler, with: () => silent$ }),
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
          // A server that has too many subscriptions may have fewer later.
          const mends = error instanceof ServerError && !lasting.has(error.code);
          throw mends || error instanceof ConnectionLostError
            ? new ConnectionFailedError(error.message, { cause: error })
            : error;
        }),
        finalize(() => {
          open.delete(id);
          asked.delete(id);
          twins.close(id);
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
        cancelled$?.error(new ConnectionLostError('the server cancelled the subscription', { retryAfter: politeWait }));
        return !cancelled$;
      }
      if (method !== 'notifications/subscriptions/acknowledged') {
        return twins.isNew(id, `${method} ${String(params?.['uri'])}`);
      }
      if (!asked.delete(id)) return false;
      const honored = params?.['notifications'];
      open.get(id)?.next(isObject(honored) && isSpecType.SubscriptionFilter(honored) ? honored : {});
      return false;
    },
    settled$: twins.settled$,
  };
}
