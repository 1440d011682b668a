import type { EventSourceMessage } from 'eventsource-parser';
import {
  defer,
  distinctUntilChanged,
  EMPTY,
  map,
  noop,
  Observable,
  of,
  ReplaySubject,
  Subject,
  type Subscriber,
  Subscription,
  switchMap,
  tap,
} from 'rxjs';
import type { Demand, Hub } from '../../../notification/hub';
import { isNotification, parseMessage } from '../../../protocol/message';
import type { JSONRPCMessage, RequestId } from '../../../protocol/types';
import type { EngineContext, StreamState } from '../../connection/connection';
import type { ConnectorOptions, HttpOptions } from '../../connection/connector';
import { GapTracker } from '../../connection/gapTracker';
import { reconnectPolicy } from '../../connection/retry/reconnectPolicy';
import { type RetryPolicy, skipDelayOn } from '../../connection/retry/retryWith';
import { maxOpenGraceMs } from '../../connection/timeouts';
import type { RetryHint, Watch } from '../../http/sse/readEvents';
import { createSeenEvents } from '../../http/sse/seenEvents';
import { silenceLimit, type StreamHealth } from '../../http/sse/streamWatchdog';
import type { Wire } from '../wire';
import { authorizerOf } from './authorization';
import { Endpoint } from './endpoint';
import { createGetStream, type GetStream } from './getStream';
import { listen$, type ServerMemory } from './listen';
import { post$, type PostOptions } from './postStream';

/** The wire of Streamable HTTP. Each message is a POST, and a GET opens the stream for messages outside of calls. */
export class StreamableHttp implements Wire {
  readonly messages$: Observable<unknown>;
  readonly stream$ = new ReplaySubject<StreamState>(1);
  readonly #options: HttpOptions & ConnectorOptions;
  readonly #context: EngineContext;
  readonly #memory: ServerMemory;
  readonly #endpoint: Endpoint;
  readonly #getStream: GetStream;
  readonly #running = new Subscription();
  readonly #refusals$ = new Subject<number>();
  readonly #hint: RetryHint = {};
  readonly #health: StreamHealth;
  readonly #gap: GapTracker;
  readonly #isDuplicate = createSeenEvents();
  #receiver: Subscriber<unknown> | undefined;
  #isInitialized = false;
  #initialized$: Subject<void> | undefined;
  #onSettled = noop;

  /** Sends nothing. */
  constructor(url: URL, options: HttpOptions & ConnectorOptions, context: EngineContext, memory: ServerMemory) {
    const { hub, scheduler } = context;
    this.#options = options;
    this.#context = context;
    this.#memory = memory;
    this.#health = { lastHeardAt: scheduler.now() };
    this.#gap = new GapTracker(hub, scheduler);
    this.#endpoint = new Endpoint(url, {
      ...options,
      authorizer: authorizerOf(options, url, this.#running),
      onRefusal: (sentAt) => {
        this.#refusals$.next(sentAt);
      },
      scheduler,
    });
    this.#getStream = createGetStream({
      endpoint: this.#endpoint,
      hint: this.#hint,
      openTimeout: () => silenceLimit(options.watchdog ?? 'auto', this.#health),
      onOutcome: () => {
        this.#onSettled();
      },
      scheduler,
    });
    this.messages$ = new Observable((subscriber) => {
      this.#receiver = subscriber;
      return () => {
        this.#running.unsubscribe();
        this.stream$.complete();
      };
    });
  }

  open(): Observable<never> {
    return EMPTY;
  }

  send(message: JSONRPCMessage): Observable<never> {
    return new Observable((subscriber) => {
      this.#running.add(subscriber);
      const sent$ = post$(message, this.#postOptions());
      const isLast = isNotification(message) && message.method === 'notifications/initialized';
      (isLast ? sent$.pipe(tap({ complete: () => this.#onInitialized() })) : sent$).subscribe(subscriber);
    });
  }

  // A server may send messages as soon as it receives `notifications/initialized`, so the stream must be open before that.
  agree(version: string): Observable<never> {
    return new Observable<never>((subscriber) => {
      this.#endpoint.version = version;
      this.#memory.worked = 'streamable';
      this.#onSettled = () => {
        subscriber.complete();
      };
      subscriber.add(() => {
        this.#onSettled = noop;
      });
      subscriber.add(this.#context.scheduler.schedule(this.#onSettled, this.#openGraceMs));
      this.#running.add(this.#followStream());
    });
  }

  lastHeardAt(): number {
    return this.#gap.since ?? this.#health.lastHeardAt;
  }

  isRejected(id: RequestId): boolean {
    return this.#endpoint.isRejected(id);
  }

  terminate(): Promise<void> {
    return this.#endpoint.terminate();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #postOptions(): PostOptions {
    return {
      endpoint: this.#endpoint,
      resume$: (lastEventId) => this.#getStream(lastEventId),
      read: (event) => this.#read(event),
      deliver: (message) => {
        this.#deliver(message);
      },
      policy: () => this.#policy(),
      hint: this.#hint,
      scheduler: this.#context.scheduler,
    };
  }

  #followStream(): Subscription {
    const { listen: mode = 'always', watchdog: limit = 'auto' } = this.#options;
    const { hub, isReconnection = false, scheduler } = this.#context;
    const watch: Watch = { limit, health: this.#health };
    const listening$ = listen$({
      open$: (lastEventId, onOpen, begin$) => this.#getStream(lastEventId, onOpen, begin$, watch),
      take: (events) => {
        this.#take(events);
      },
      policy: () => this.#policy(),
      openGraceMs: this.#openGraceMs,
      isInitialized: () => this.#isInitialized,
      initialized$: defer(() => (this.#isInitialized ? of(undefined) : (this.#initialized$ ??= new Subject()))),
      hasSession: () => this.#endpoint.hasSession,
      refusals$: this.#refusals$,
      isReconnection,
      isOnDemand: mode === 'demand',
      memory: this.#memory,
      gap: this.#gap,
      health: this.#health,
      report: hub.report,
      scheduler,
    });
    return whileNeeded$(listening$, mode, this.#context).subscribe({
      next: (state) => {
        this.stream$.next(state);
        this.#onSettled();
      },
      error: (error: unknown) => {
        this.#receiver?.error(error);
      },
    });
  }

  /** How long the handshake waits for the stream, in milliseconds. */
  get #openGraceMs(): number {
    return Math.min(maxOpenGraceMs, (this.#options.connectTimeout ?? Infinity) / 4);
  }

  #policy(): RetryPolicy {
    const { retryNow$, scheduler } = this.#context;
    return skipDelayOn(reconnectPolicy(this.#options.reconnect, scheduler, true), retryNow$);
  }

  #onInitialized(): void {
    this.#isInitialized = true;
    this.#initialized$?.next();
  }

  #take(events: readonly EventSourceMessage[]): void {
    for (const event of events) {
      const message = this.#read(event);
      if (message !== undefined) this.#deliver(message);
    }
  }

  #read(event: EventSourceMessage): unknown {
    const { data, event: type = 'message' } = event;
    return data && type === 'message' && !this.#isDuplicate(event)
      ? parseMessage(data, this.#context.hub.report)
      : undefined;
  }

  #deliver(message: unknown): void {
    this.#receiver?.next(message);
  }
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
