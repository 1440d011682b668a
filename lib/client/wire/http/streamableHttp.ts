import type { EventSourceMessage } from 'eventsource-parser';
import {
  distinctUntilChanged,
  EMPTY,
  finalize,
  identity,
  map,
  noop,
  Observable,
  of,
  pipe,
  ReplaySubject,
  Subject,
  type Subscriber,
  Subscription,
  switchMap,
  tap,
} from 'rxjs';
import type { Demand, Hub } from '../../../notification/hub';
import { isNotification, parseMessage } from '../../../protocol/message';
import type { JSONRPCMessage } from '../../../protocol/types';
import { SessionExpiredError } from '../../../errors';
import type { EngineContext, StreamState } from '../../connection/connection';
import type { ConnectorOptions, HttpOptions } from '../../connection/connector';
import { GapTracker } from '../../connection/gapTracker';
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
  const posts = new Subscription();
  const initialized$ = new ReplaySubject<void>(1);
  const stream$ = new ReplaySubject<StreamState>(1);
  const outdated$ = new Subject<never>();
  let receiver: Subscriber<unknown> | undefined;
  let onSettled = noop;
  let isStreamPossible = false;
  const hint: RetryHint = {};
  const health: StreamHealth = { lastHeardAt: scheduler.now() };
  const gap = new GapTracker(hub, scheduler);
  const isDuplicate = createSeenEvents();
  const policy = (): RetryPolicy => skipDelayOn(reconnectPolicy(options.reconnect, scheduler, true), retryNow$);

  const refusals$ = new Subject<number>();
  const endpoint = createEndpoint(url, {
    ...options,
    authorizer: authorizerOf(options, url, running),
    onRefusal: (sentAt) => refusals$.next(sentAt),
    mayRespondLater: () => isStreamPossible,
    scheduler,
  });
  const getStream = createGetStream({
    get: endpoint.get,
    hint,
    openTimeout: () => silenceLimit(limit, health),
    onOutcome: () => {
      onSettled();
    },
    scheduler,
  });
  const watchedStream: GetStream = (lastEventId, onOpen, guard = identity) =>
    getStream(lastEventId, onOpen, pipe(guard, watchdog(limit, health, scheduler)));

  function read(event: EventSourceMessage): unknown {
    const { data, event: type = 'message' } = event;
    return data && type === 'message' && !isDuplicate(event) ? parseMessage(data, hub.report) : undefined;
  }

  function followStream(): Subscription {
    return whileNeeded$(listening$, mode, context).subscribe({
      next(state) {
        stream$.next(state);
        onSettled();
      },
      error(error: unknown) {
        // Without a session, each POST has its own response, whatever happens to the stream.
        const canDrain = error instanceof SessionExpiredError && !endpoint.hasSession();
        if (canDrain) outdated$.error(error);
        else receiver?.error(error);
      },
    });
  }

  function onInitialized(): void {
    initialized$.next();
    initialized$.complete();
  }

  function deliver(message: unknown): void {
    receiver?.next(message);
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
    isAlive: endpoint.isAlive,
    refusals$,
    isReconnection: context.isReconnection ?? false,
    isOnDemand: mode === 'demand',
    memory,
    gap,
    health,
    report: hub.report,
    scheduler,
  }).pipe(
    tap((state) => {
      isStreamPossible = state.listening || !state.unavailable;
    }),
    finalize(() => {
      isStreamPossible = false;
    }),
  );

  return {
    respondsPerRequest: true,
    messages$: new Observable((subscriber) => {
      receiver = subscriber;
      return () => {
        running.unsubscribe();
        if (!endpoint.isExpired()) posts.unsubscribe();
        stream$.complete();
      };
    }),
    open: () => EMPTY,
    send: (message: JSONRPCMessage) =>
      new Observable((subscriber) => {
        posts.add(subscriber);
        const resume$ = (lastEventId: string): Observable<EventSourceMessage[]> => getStream(lastEventId);
        const sent$ = post$(message, {
          post: endpoint.post,
          resume$,
          read,
          deliver,
          policy,
          hint,
          scheduler,
        });
        const isLast = isNotification(message) && message.method === 'notifications/initialized';
        (isLast ? sent$.pipe(tap({ error: onInitialized, complete: onInitialized })) : sent$).subscribe(subscriber);
      }),
    // A server may send messages as soon as it receives `notifications/initialized`, so the stream must be open before that.
    agree: (version) =>
      new Observable<never>((subscriber) => {
        endpoint.version = version;
        memory.worked = 'streamable';
        onSettled = () => {
          subscriber.complete();
        };
        subscriber.add(() => {
          onSettled = noop;
        });
        subscriber.add(scheduler.schedule(onSettled, openGraceMs));
        running.add(followStream());
      }),
    stream$,
    outdated$,
    lastHeardAt: () => gap.since ?? health.lastHeardAt,
    isRejected: endpoint.isRejected,
    isExpired: endpoint.isExpired,
    terminate: endpoint.terminate,
    close() {
      posts.unsubscribe();
      return Promise.resolve();
    },
  };
}

/** The states of the stream, which is open always, never, or while there is a subscription that only the stream can serve. */
function whileNeeded$(
  listening$: Observable<StreamState>,
  mode: HttpOptions['listen'],
  { hub, scheduler }: EngineContext,
): Observable<StreamState> {
  if (mode === 'always') return listening$;
  if (mode === false) return of<StreamState>({ listening: false, since: scheduler.now(), unavailable: true });
  const closed = (): StreamState => ({ listening: false, since: scheduler.now() });
  return isNeeded$(hub).pipe(switchMap((isNeeded) => (isNeeded ? listening$ : of(closed()))));
}

/** Emits whether there is a subscription that only the stream can serve, then each change. */
function isNeeded$({ demand$ }: Pick<Hub, 'demand$'>): Observable<boolean> {
  const isNeeded = (demand: Demand): boolean =>
    demand.all() || [demand.methods(), demand.uris(), demand.levels()].some((keys) => keys.length > 0);
  return demand$.pipe(map(isNeeded), distinctUntilChanged());
}
