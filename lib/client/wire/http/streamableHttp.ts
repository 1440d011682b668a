import type { EventSourceMessage } from 'eventsource-parser';
import {
  defer,
  distinctUntilChanged,
  EMPTY,
  identity,
  ignoreElements,
  map,
  Observable,
  of,
  pipe,
  race,
  ReplaySubject,
  Subject,
  Subscription,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs';
import type { Demand, Hub } from '../../../notification/hub';
import { isNotification, parseMessage } from '../../../protocol/message';
import type { JSONRPCMessage } from '../../../protocol/types';
import type { EngineContext, StreamState } from '../../connection/connection';
import type { ConnectorOptions, HttpOptions } from '../../connection/connector';
import { createGapTracker } from '../../connection/gapTracker';
import { reconnectPolicy } from '../../connection/retry/reconnectPolicy';
import { type RetryPolicy, skipDelayOn } from '../../connection/retry/retryWith';
import type { RetryHint } from '../../http/sse/readEvents';
import { createSeenEvents } from '../../http/sse/seenEvents';
import { type StreamHealth, silenceLimit, watchdog } from '../../http/sse/watchdog';
import { maxOpenGraceMs } from '../../connection/timeouts';
import type { Wire } from '../wire';
import { authorizerOf } from './authorization';
import { createEndpoint } from './endpoint';
import { createGetStream, type GetStream } from './getStream';
import { listen$, type ServerMemory } from './listen';
import { post$ } from './postStream';

/** Creates the wire of Streamable HTTP. Each message is a POST, and a GET opens the stream for messages outside of calls. */
export function streamableHttp(
  url: URL,
  options: HttpOptions & ConnectorOptions,
  context: EngineContext,
  memory: ServerMemory,
): Wire {
  const { hub, retryNow$, scheduler } = context;
  const { watchdog: limit = 'auto', listen: mode = 'always', connectTimeout = Infinity } = options;
  const openGraceMs = Math.min(maxOpenGraceMs, connectTimeout / 4);
  const running = new Subscription();
  const received$ = new Subject<unknown>();
  const outcome$ = new Subject<void>();
  const initialized$ = new ReplaySubject<void>(1);
  const stream$ = new ReplaySubject<StreamState>(1);
  const hint: RetryHint = {};
  const health: StreamHealth = { lastHeardAt: scheduler.now() };
  const gap = createGapTracker(hub, scheduler);
  const isDuplicate = createSeenEvents();
  const policy = (): RetryPolicy => skipDelayOn(reconnectPolicy(options.reconnect, scheduler, true), retryNow$);

  const refusals$ = new Subject<number>();
  const endpoint = createEndpoint(url, {
    ...options,
    authorizer: authorizerOf(options, url, running),
    onRefusal: (sentAt) => refusals$.next(sentAt),
    scheduler,
  });
  const getStream = createGetStream({
    get: endpoint.get,
    hint,
    openTimeout: () => silenceLimit(limit, health),
    onOutcome: () => outcome$.next(),
    scheduler,
  });
  const watchedStream: GetStream = (lastEventId, onOpen, guard = identity) =>
    getStream(lastEventId, onOpen, pipe(guard, watchdog(limit, health, scheduler)));

  function read(event: EventSourceMessage): unknown {
    const { data, event: type = 'message' } = event;
    return data && type === 'message' && !isDuplicate(event) ? parseMessage(data, hub.report) : undefined;
  }

  function deliver(message: unknown): void {
    received$.next(message);
  }

  const listening$ = listen$({
    open$: watchedStream,
    take(events) {
      for (const event of events) {
        const message = read(event);
        if (message !== undefined) deliver(message);
      }
    },
    policy,
    openGraceMs,
    initialized$,
    hasSession: endpoint.hasSession,
    refusals$,
    isReconnection: context.isReconnection ?? false,
    isOnDemand: mode === 'demand',
    memory,
    gap,
    health,
    report: hub.report,
    scheduler,
  });
  const closed$ = defer(() => of<StreamState>({ listening: false, since: scheduler.now() }));
  const states$ =
    mode === 'always'
      ? listening$
      : (mode === 'demand' ? isNeeded$(hub) : of(false)).pipe(
          switchMap((isNeeded) => (isNeeded ? listening$ : closed$)),
        );

  return {
    messages$: new Observable((subscriber) => {
      running.add(received$.subscribe(subscriber));
      return () => {
        running.unsubscribe();
      };
    }),
    open: () => EMPTY,
    send: (message: JSONRPCMessage) =>
      new Observable((subscriber) => {
        running.add(subscriber);
        const resume$ = (lastEventId: string): Observable<EventSourceMessage[]> => getStream(lastEventId);
        post$(message, { post: endpoint.post, resume$, read, deliver, policy, hint, scheduler })
          .pipe(
            tap({
              complete: () => {
                if (isNotification(message) && message.method === 'notifications/initialized') initialized$.next();
              },
            }),
          )
          .subscribe(subscriber);
      }),
    // A server may send messages as soon as it receives `notifications/initialized`, so the stream must be open before that.
    agree: (version) =>
      new Observable<never>((subscriber) => {
        endpoint.version = version;
        const late$ = timer(openGraceMs, scheduler);
        const settled$ = race(mode === 'always' ? outcome$ : stream$, late$).pipe(take(1), ignoreElements());
        settled$.subscribe(subscriber);
        running.add(
          states$.subscribe({
            next: (state) => stream$.next(state),
            error: (error: unknown) => {
              received$.error(error);
            },
          }),
        );
      }),
    stream$,
    lastHeardAt: () => gap.since ?? health.lastHeardAt,
    terminate: endpoint.terminate,
    close: () => Promise.resolve(),
  };
}

/** Emits whether there is a subscription that only the stream can serve, then each change. */
function isNeeded$({ demand$ }: Pick<Hub, 'demand$'>): Observable<boolean> {
  const isNeeded = (demand: Demand): boolean =>
    demand.all() || [demand.methods(), demand.uris(), demand.levels()].some((keys) => keys.length > 0);
  return demand$.pipe(map(isNeeded), distinctUntilChanged());
}
