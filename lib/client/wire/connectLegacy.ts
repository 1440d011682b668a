import { BehaviorSubject, Observable, type Observer, type Subscriber, Subscription, type Unsubscribable } from 'rxjs';
import { ConnectionLostError, SessionExpiredError } from '../../errors';
import type { JSONRPCMessage } from '../../protocol/types';
import { maxTimerDelay } from '../../util/maxDelay';
import type { Connection, EngineContext, StreamState } from '../connection/connection';
import type { ConnectorOptions } from '../connection/connector';
import { afterRejectionSettles, endsConnection } from '../connection/sendErrors';
import { keepAlive$ } from '../connection/keepAlive';
import { defaultConnectTimeoutMs, timedOut } from '../connection/limits';
import { toTypedError } from '../connection/toTypedError';
import { WireLog } from '../connection/wireEvent';
import { Peer, type PeerOptions } from '../rpc/peer';
import { type HandshakeResult, handshake, toConnectError } from './handshake';
import { type ConnectionOwner, LegacyConnection } from './legacyConnection';
import { Teardown } from './teardown';
import type { Wire, WireOwner } from './wire';

/** Returns the connection to make instead after an attempt has failed. Returns `undefined` if there is none. */
export type Fallback = (error: Error) => Observable<Connection> | undefined;

/**
 * Makes one connection with protocol versions up to 2025-11-25: opens a wire, creates a peer, and runs the handshake.
 * Cold. All state is inside the subscription, so late events of an ended connection cannot affect the next one.
 */
export function connectLegacy(
  context: EngineContext,
  options: ConnectorOptions,
  createWire: (owner: WireOwner) => Wire,
  fallback$?: Fallback,
): Observable<Connection> {
  return new Observable((subscriber) => {
    const attempt = new Attempt(context, options, createWire, fallback$, subscriber);
    attempt.start();
    return attempt;
  });
}

/** One subscription of {@link connectLegacy}. A class instead of closures, to save memory: every session has one. */
class Attempt implements Observer<unknown>, PeerOptions, WireOwner, ConnectionOwner, Unsubscribable {
  readonly #context: EngineContext;
  readonly #options: ConnectorOptions;
  readonly #wire: Wire;
  readonly #fallback$: Fallback | undefined;
  readonly #subscriber: Subscriber<Connection>;
  readonly #log: WireLog;
  readonly #peer: Peer;
  #running = Subscription.EMPTY;
  #alwaysListening$: BehaviorSubject<StreamState> | undefined;
  #openedAt: number | undefined;
  #receivedAt: number;
  #isReceivedAtCurrent = false;
  #mayExpire = true;
  #isOutdated = false;
  #endError: Error | undefined;
  #closing: Promise<void> | undefined;
  #createdTeardown: Teardown | undefined;

  constructor(
    context: EngineContext,
    options: ConnectorOptions,
    createWire: (owner: WireOwner) => Wire,
    fallback$: Fallback | undefined,
    subscriber: Subscriber<Connection>,
  ) {
    this.#context = context;
    this.#options = options;
    this.#wire = createWire(this);
    this.#fallback$ = fallback$;
    this.#subscriber = subscriber;
    this.#receivedAt = context.scheduler.now();
    this.#log = new WireLog(context);
    this.#peer = new Peer(context, this.#log, this);
  }

  /** Opens the wire and runs the handshake. */
  start(): void {
    const { connectTimeout = defaultConnectTimeoutMs } = this.#options;
    this.#running = this.#wire.messages$.subscribe(this);
    const timer = this.#context.scheduler.schedule(
      () => {
        this.error(timedOut('initialize', connectTimeout));
      },
      Math.min(connectTimeout, maxTimerDelay),
    );
    this.#running.add(timer);
    handshake(this.#peer, this.#wire, this.#context).then(
      (result) => {
        timer.unsubscribe();
        if (!this.#endError) this.#open(result);
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  }

  /** Closes the connection. If the connection has ended, releases its resources. */
  unsubscribe(): void {
    if (!this.#isOutdated) this.#peer.stopReceiving();
    this.#alwaysListening$?.complete();
    const closing =
      this.#endError && !this.#closing ? this.#teardown.release(this.#endError, this.#isOutdated) : this.close();
    this.#context.onClosing?.(closing);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  send(message: JSONRPCMessage): Observable<never> {
    return this.#wire.send(message);
  }

  get respondsPerRequest(): boolean {
    return this.#wire.respondsPerRequest ?? false;
  }

  onSendError(error: Error): void {
    if (this.#openedAt === undefined || !endsConnection(error)) return;
    // The sender must receive its own error before the error of the connection.
    afterRejectionSettles(() => {
      this.error(error);
    });
  }

  onOutdated(error: SessionExpiredError): void {
    if (this.#endError) return;
    this.#isOutdated = this.#openedAt !== undefined;
    this.error(error);
  }

  /** Handles a message from the wire. */
  next(value: unknown): void {
    if (this.#mayExpire && !this.#isReceivedAtCurrent) this.#readClock();
    this.#peer.receive(value);
  }

  /** Handles an error that ends the attempt or the connection. */
  error(cause: unknown): void {
    if (this.#endError) return;
    const error = toTypedError(cause, 'connection');
    if (this.#openedAt === undefined) {
      const failure = (this.#endError = toConnectError(error));
      // Cleans up before emitting the error, because the subscriber may retry immediately.
      void this.#teardown.abort(failure).then(() => {
        this.#fail(failure);
      });
      return;
    }
    const { onMissed, scheduler } = this.#context;
    this.#endError = error;
    if (error instanceof ConnectionLostError || error instanceof SessionExpiredError) {
      error.uptime = scheduler.now() - this.#openedAt;
    }
    const lastLiveAt = this.#wire.lastLiveAt?.() ?? scheduler.now();
    // A server that does not recognize the session may still keep its stream open, so only a received message proves
    // that the session existed at that time.
    const isSessionUnknown = error instanceof SessionExpiredError && this.#mayExpire;
    onMissed?.(isSessionUnknown ? Math.min(lastLiveAt, this.#receivedAt) : lastLiveAt);
    this.#log.event('lost', error);
    this.#subscriber.error(error);
  }

  /** Ends a failed attempt. If there is a fallback, releases this attempt, so that the fallback does not hold it. */
  #fail(failure: Error): void {
    if (this.#subscriber.closed) return;
    const other$ = this.#fallback$?.(failure);
    if (!other$) {
      this.#subscriber.error(failure);
      return;
    }
    this.#subscriber.remove(this);
    this.unsubscribe();
    other$.subscribe(this.#subscriber);
  }

  /** A wire never completes. */
  complete(): void {}

  /** Reads the clock once per chunk, because reading it for each message would double the cost of a message. */
  #readClock(): void {
    this.#isReceivedAtCurrent = true;
    this.#receivedAt = this.#context.scheduler.now();
    queueMicrotask(() => {
      this.#isReceivedAtCurrent = false;
    });
  }

  async #end(): Promise<void> {
    await this.#teardown.end((this.#endError ??= new ConnectionLostError('connection: closed')));
    this.#log.event('closed');
    this.#subscriber.complete();
  }

  get #teardown(): Teardown {
    return (this.#createdTeardown ??= new Teardown(this.#peer, this.#wire, this.#running, this.#context));
  }

  #open(result: HandshakeResult): void {
    const { hub, scheduler } = this.#context;
    const { keepAlive = false } = this.#options;
    this.#openedAt = scheduler.now();
    this.#mayExpire = this.#wire.mayExpire?.() ?? true;
    this.#log.event('open');
    const stream$ =
      this.#wire.stream$ ?? (this.#alwaysListening$ = new BehaviorSubject<StreamState>({ listening: true }));
    const connection = new LegacyConnection(result, stream$, this.#peer, this, hub, this.#options);
    if (keepAlive !== false) {
      this.#running.add(
        keepAlive$(connection, keepAlive, scheduler).subscribe({
          error: (error: unknown) => {
            this.error(error);
          },
        }),
      );
    }
    this.#subscriber.next(connection);
  }
}
