import type { EventSourceMessage } from 'eventsource-parser';
import {
  defer,
  distinctUntilChanged,
  map,
  Observable,
  type ObservableInput,
  type SchedulerLike,
  Subject,
  type Subscriber,
  Subscription,
  switchMap,
  type TeardownLogic,
} from 'rxjs';
import { type MCPError, SessionExpiredError } from '../../../errors';
import { isInitialized, isNotification, parseMessage } from '../../../protocol/message';
import type { JSONRPCMessage } from '../../../protocol/types';
import type { Demand, Hub } from '../../../notification/hub';
import type { EngineContext, StreamState } from '../../connection/connection';
import type { ConnectorOptions, HttpOptions, Watchdog } from '../../connection/connector';
import { GapTracker } from '../../connection/gapTracker';
import { reconnectPolicy } from '../../connection/retry/reconnectPolicy';
import { type RetryPolicy, skipDelayOn } from '../../connection/retry/retryWith';
import { maxOpenGraceMs } from '../../connection/limits';
import type { RetryHint } from '../../http/sse/readEvents';
import { createSeenEvents } from '../../http/sse/seenEvents';
import { silenceLimit, type StreamHealth } from '../../http/sse/streamWatchdog';
import type { Wire, WireOwner } from '../wire';
import { lazyAuthorizer } from './lazyAuthorizer';
import { Endpoint, type EndpointHost } from './endpoint';
import { type GetStream, type GetStreamOptions, GetStreams } from './getStreams';
import { Listener, type ListenOptions } from './listener';
import { post, type PostOptions } from './postStream';
import type { ServerMemory } from './streamSupport';

/**
 * The wire for Streamable HTTP. Sends each message with a POST, and opens the stream for messages outside of calls with
 * a GET. All streams share the session, the record of received events, and the policy for resuming.
 */
export class StreamableHttp implements Wire, EndpointHost, GetStreamOptions, ListenOptions, PostOptions {
  readonly messages$: Observable<unknown>;
  readonly respondsPerRequest = true;
  readonly stream$: Observable<StreamState>;
  readonly endpoint: Endpoint;
  readonly gap: GapTracker;
  readonly health: StreamHealth;
  readonly hint: RetryHint = {};
  readonly memory: ServerMemory;
  readonly #options: HttpOptions & ConnectorOptions;
  readonly #context: EngineContext;
  readonly #owner: WireOwner;
  readonly #streams = new GetStreams(this);
  readonly #posts = new Subscription();
  readonly #isDuplicate = createSeenEvents();
  readonly #states$ = new Subject<StreamState>();
  /** `undefined` until it is known whether the server has a stream. */
  #state: StreamState | undefined;
  /** Whether events have been received on a GET stream. */
  #hasListened = false;
  /** Whether the GET streams may repeat their events, because more than one of them was opened. */
  #mayRepeat = false;
  #receiver: Subscriber<unknown> | undefined;
  #following: Subscription | undefined;
  #listener: Listener | undefined;
  #isInitialized = false;
  #initialized$: Subject<void> | undefined;
  #onFirstOutcome: (() => void) | undefined;

  constructor(
    url: URL,
    options: HttpOptions & ConnectorOptions,
    context: EngineContext,
    memory: ServerMemory,
    owner: WireOwner,
  ) {
    const { hub, scheduler } = context;
    this.#options = options;
    this.#context = context;
    this.#owner = owner;
    this.memory = memory;
    this.health = { lastLiveAt: scheduler.now() };
    this.gap = new GapTracker(hub, scheduler);
    this.endpoint = new Endpoint(url, options, lazyAuthorizer(options, url, this), this);
    this.stream$ = new Observable((subscriber) => {
      if (this.#state) subscriber.next(this.#state);
      return this.#states$.subscribe(subscriber);
    });
    this.messages$ = new Observable((subscriber) => {
      this.#receiver = subscriber;
      return () => {
        this.#following?.unsubscribe();
        if (!this.endpoint.isExpired) this.#posts.unsubscribe();
        this.#states$.complete();
      };
    });
  }

  get scheduler(): SchedulerLike {
    return this.#context.scheduler;
  }

  get isReconnection(): boolean {
    return this.#context.isReconnection ?? false;
  }

  get isOnDemand(): boolean {
    return this.#options.listen === 'demand';
  }

  get hasStreamState(): boolean {
    return this.#state !== undefined;
  }

  get isInitialized(): boolean {
    return this.#isInitialized;
  }

  get initialized$(): ObservableInput<unknown> {
    return this.#isInitialized ? [undefined] : (this.#initialized$ ??= new Subject());
  }

  get openGraceMs(): number {
    return Math.min(maxOpenGraceMs, (this.#options.connectTimeout ?? Infinity) / 4);
  }

  mayRespondLater(): boolean {
    return this.#listener?.canReceive ?? false;
  }

  onRejectedPost(sentAt: number): void {
    this.#listener?.onRejectedPost(sentAt);
  }

  openTimeout(): number | undefined {
    return silenceLimit(this.#watchdog, this.health);
  }

  onOutcome(): void {
    this.#onFirstOutcome?.();
    this.#onFirstOutcome = undefined;
  }

  send(message: JSONRPCMessage): Observable<never> {
    return new Observable((subscriber) => {
      this.#posts.add(subscriber);
      if (isInitialized(message)) {
        subscriber.add(() => {
          this.#isInitialized = true;
          this.#initialized$?.next();
        });
      }
      post(message, this, subscriber);
    });
  }

  // The stream must be open before `notifications/initialized` is sent, because the server may send messages from then
  // on.
  setProtocolVersion(version: string): Promise<void> {
    this.endpoint.version = version;
    this.memory.lastTransport = 'streamable';
    return new Promise((resolve) => {
      this.#onFirstOutcome = resolve;
      this.#following = this.#followStream();
    });
  }

  lastLiveAt(): number {
    return this.gap.since ?? this.health.lastLiveAt;
  }

  close(): Promise<void> {
    this.#posts.unsubscribe();
    return Promise.resolve();
  }

  /** Handles a change of the stream. */
  next(state: StreamState): void {
    this.#state = state;
    this.#states$.next(state);
    this.onOutcome();
  }

  /** Handles an error of the stream that ends the connection. */
  error(error: unknown): void {
    // Without a session, responses to POSTs do not depend on the stream.
    if (error instanceof SessionExpiredError && !this.endpoint.hasSession) this.#owner.onOutdated(error);
    else this.#receiver?.error(error);
  }

  /** Adds a teardown for the end of the wire. */
  add(teardown: TeardownLogic): void {
    this.#receiver?.add(teardown);
  }

  open$(lastEventId: string | undefined, onOpen: () => void, begin$?: Observable<unknown>): ReturnType<GetStream> {
    this.#mayRepeat = this.#hasListened;
    return this.#streams.open$(lastEventId, onOpen, begin$, { limit: this.#watchdog, health: this.health });
  }

  resume$(lastEventId: string): ReturnType<GetStream> {
    return this.#streams.open$(lastEventId);
  }

  policy(): RetryPolicy {
    const { retryNow$, scheduler } = this.#context;
    return skipDelayOn(reconnectPolicy(this.#options.reconnect, scheduler, true), retryNow$);
  }

  onEvents(events: readonly EventSourceMessage[]): void {
    this.#hasListened = true;
    for (const event of events) {
      const message = this.read(event, this.#mayRepeat);
      if (message !== undefined) this.deliver(message);
    }
  }

  read(event: EventSourceMessage, mayRepeat = true): unknown {
    const { data, event: type = 'message' } = event;
    if (!data || type !== 'message' || (mayRepeat && this.#isDuplicate(event, true))) return undefined;
    const message = parseMessage(data, this.#context.hub.report);
    // Requests are always compared with all events, because they must not be handled twice.
    return mayRepeat || !this.#isDuplicate(event, !isNotification(message)) ? message : undefined;
  }

  deliver(message: unknown): void {
    this.#receiver?.next(message);
  }

  report(error: MCPError): void {
    this.#context.hub.report(error);
  }

  get #watchdog(): Watchdog {
    return this.#options.watchdog ?? 'auto';
  }

  #followStream(): Subscription {
    const listening$ = new Observable<StreamState>((subscriber) => {
      this.#listener = new Listener(this, subscriber);
      this.#listener.listen();
    });
    return whileNeeded$(listening$, this.#options.listen, this.#context).subscribe(this);
  }
}

/**
 * Emits the states of the stream, which is open always, never, or while there is a subscription that needs the stream.
 */
function whileNeeded$(
  listening$: Observable<StreamState>,
  mode: HttpOptions['listen'] = 'always',
  { hub, scheduler }: EngineContext,
): Observable<StreamState> {
  if (mode === 'always') return listening$;
  if (mode === false)
    return defer((): StreamState[] => [{ listening: false, since: scheduler.now(), unavailable: true }]);
  const closedState = (): StreamState => ({ listening: false, since: scheduler.now() });
  return isNeeded$(hub).pipe(switchMap((isNeeded) => (isNeeded ? listening$ : [closedState()])));
}

/** Emits whether there is a subscription that needs the stream, then each change. */
function isNeeded$({ demand$ }: Pick<Hub, 'demand$'>): Observable<boolean> {
  const isNeeded = (demand: Demand): boolean =>
    demand.all() || [demand.methods(), demand.uris(), demand.levels()].some((keys) => keys.length > 0);
  return demand$.pipe(map(isNeeded), distinctUntilChanged());
}
