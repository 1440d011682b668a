import {
  BehaviorSubject,
  catchError,
  firstValueFrom,
  from,
  NEVER,
  Observable,
  type Observer,
  of,
  race,
  type Subscriber,
  Subscription,
  type Unsubscribable,
} from 'rxjs';
import { ConnectionLostError, SessionExpiredError, UnauthorizedError } from '../../errors';
import type { JSONRPCMessage, RequestId } from '../../protocol/types';
import type { Connection, EngineContext, StreamState } from '../connection/connection';
import type { ConnectorOptions } from '../connection/connector';
import { ChunkClock } from '../connection/chunkClock';
import { afterRejectionSettles, endsConnection } from '../connection/sendErrors';
import { keepAlive$ } from '../connection/keepAlive';
import { closedInTime, settledInTime, failAfter } from '../connection/limits';
import { toTypedError } from '../connection/toTypedError';
import { WireLog } from '../connection/wireEvent';
import { Peer, type PeerOptions } from '../rpc/peer';
import { type Agreement, handshake, toConnectError } from './handshake';
import { type ConnectionOwner, LegacyConnection } from './legacyConnection';
import type { Wire, WireOwner } from './wire';

/** Timeout for ending the session on a server that does not respond, in milliseconds. */
const terminateTimeoutMs = 2_000;

/** How long pending requests of a session that the server has forgotten wait for their rejections, in milliseconds. */
const rejectionTimeoutMs = 1_000;

/**
 * Connects once with the protocol versions up to 2025-11-25: opens a wire, creates a peer, and runs the handshake over both. All
 * state is inside the subscription, so late events of an ended connection cannot affect the next one.
 */
export function connectLegacy(
  context: EngineContext,
  options: ConnectorOptions,
  createWire: (owner: WireOwner) => Wire,
): Observable<Connection> {
  return new Observable((subscriber) => {
    const attempt = new Attempt(context, options, createWire, subscriber);
    attempt.start();
    return attempt;
  });
}

/** One subscription of {@link connectLegacy}. A class, because every session has one. */
class Attempt implements Observer<unknown>, PeerOptions, WireOwner, ConnectionOwner, Unsubscribable {
  readonly #context: EngineContext;
  readonly #options: ConnectorOptions;
  readonly #wire: Wire;
  readonly #subscriber: Subscriber<Connection>;
  readonly #log: WireLog;
  readonly #peer: Peer;
  readonly #received: ChunkClock;
  readonly #running = new Subscription();
  #alwaysListening$: BehaviorSubject<StreamState> | undefined;
  #openedAt: number | undefined;
  #mayExpire = true;
  #isOutdated = false;
  #ended: Error | undefined;
  #closing: Promise<void> | undefined;
  #released: Promise<void> | undefined;

  constructor(
    context: EngineContext,
    options: ConnectorOptions,
    createWire: (owner: WireOwner) => Wire,
    subscriber: Subscriber<Connection>,
  ) {
    this.#context = context;
    this.#options = options;
    this.#wire = createWire(this);
    this.#subscriber = subscriber;
    this.#received = new ChunkClock(context.scheduler);
    this.#log = new WireLog(context);
    this.#peer = new Peer(context, this.#log, this);
  }

  /** Opens the wire and runs the handshake. */
  start(): void {
    const { scheduler } = this.#context;
    this.#running.add(this.#wire.messages$.subscribe(this));
    this.#running.add(
      handshake(this.#peer, this.#wire, this.#context)
        .pipe(failAfter('initialize', this.#options.connectTimeout, scheduler))
        .subscribe({
          next: (agreement) => {
            this.#open(agreement);
          },
          error: (error: unknown) => {
            this.error(error);
          },
        }),
    );
  }

  /** Closes the connection, or releases what remains of one that has ended. */
  unsubscribe(): void {
    if (!this.#isOutdated) this.#peer.mute();
    this.#alwaysListening$?.complete();
    const gone = this.#closing ?? (this.#ended ? this.#release() : this.close());
    this.#context.onClosing?.(gone);
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
    // The sender must receive its own error before the connection ends.
    afterRejectionSettles(() => {
      this.error(error);
    });
  }

  onOutdated(error: SessionExpiredError): void {
    if (this.#ended) return;
    this.#isOutdated = this.#openedAt !== undefined;
    this.error(error);
  }

  /** Receives a message of the wire. */
  next(value: unknown): void {
    if (this.#mayExpire) this.#received.tick();
    this.#peer.receive(value);
  }

  /** Receives the error that ends the attempt or the connection. */
  error(cause: unknown): void {
    if (this.#ended) return;
    const error = toTypedError(cause, 'connection');
    if (this.#openedAt === undefined) {
      this.#failAttempt((this.#ended = toConnectError(error)));
      return;
    }
    const { onMissed, scheduler } = this.#context;
    this.#ended = error;
    if (error instanceof ConnectionLostError || error instanceof SessionExpiredError) {
      error.uptime = scheduler.now() - this.#openedAt;
    }
    const heardAt = this.#wire.lastHeardAt?.() ?? scheduler.now();
    // A server that has forgotten the session may still hold its stream open, so only a received message proves that the
    // session existed.
    const isForgotten = error instanceof SessionExpiredError && this.#mayExpire;
    onMissed?.(isForgotten ? Math.min(heardAt, this.#received.at) : heardAt);
    this.#log.event('lost', error);
    this.#subscriber.error(error);
  }

  /** A wire never completes. */
  complete(): void {}

  /** Cleans up before emitting the error, because the subscriber may retry immediately. */
  #failAttempt(error: Error): void {
    this.#mute();
    // A DELETE would also require the authorization that has just failed, and ask the user for it again.
    const terminated = error instanceof UnauthorizedError ? undefined : this.#wire.terminate?.();
    const { scheduler } = this.#context;
    this.#released ??= settledInTime(Promise.resolve(terminated), terminateTimeoutMs, scheduler).then(() =>
      closedInTime(this.#wire.close(), scheduler),
    );
    void this.#released.then(() => {
      this.#subscriber.error(error);
    });
  }

  #mute(): void {
    this.#peer.mute();
    this.#running.unsubscribe();
    this.#peer.fail(connectionError(this.#ended), (id) => this.#rejectionOf(id));
  }

  /** The server has not processed a request that it rejected, so the session may send the request again. */
  #rejectionOf(id: RequestId): Error | undefined {
    return this.#ended instanceof SessionExpiredError && this.#wire.isRejected?.(id) ? this.#ended : undefined;
  }

  #closed(): Promise<void> {
    return (this.#released ??= closedInTime(this.#wire.close(), this.#context.scheduler));
  }

  async #release(): Promise<void> {
    if (this.#isOutdated) await this.#awaitResponses();
    else if (this.#wire.isExpired?.()) await this.#awaitRejections();
    this.#mute();
    await this.#closed();
  }

  /** Waits for the responses to the pending requests, unless the session is closed. */
  async #awaitResponses(): Promise<void> {
    const { closed$ = NEVER, scheduler } = this.#context;
    const lost = connectionError(this.#ended);
    const isClosed$ = closed$.pipe(catchError(() => of(undefined)));
    await firstValueFrom(race(from(this.#peer.awaitResponses(lost)), isClosed$));
    await settledInTime(this.#peer.cancelAll(lost), terminateTimeoutMs, scheduler);
  }

  async #awaitRejections(): Promise<void> {
    this.#peer.mute();
    const drained = this.#peer.drain(connectionError(this.#ended), (id) => this.#rejectionOf(id));
    this.#running.unsubscribe();
    await settledInTime(drained, rejectionTimeoutMs, this.#context.scheduler);
  }

  async #end(): Promise<void> {
    const lost = connectionError((this.#ended ??= new ConnectionLostError('connection: closed')));
    this.#peer.mute();
    // Wait for a microtask, because the session first fails its calls with its own error.
    const terminated = Promise.resolve()
      .then(() => this.#peer.cancelAll(lost))
      .then(() => {
        this.#running.unsubscribe();
        return this.#wire.terminate?.();
      });
    await settledInTime(terminated, terminateTimeoutMs, this.#context.scheduler);
    this.#mute();
    await this.#closed();
    this.#log.event('closed');
    this.#subscriber.complete();
  }

  #open(agreement: Agreement): void {
    const { hub, scheduler } = this.#context;
    const { keepAlive = false } = this.#options;
    this.#openedAt = scheduler.now();
    this.#mayExpire = this.#wire.mayExpire?.() ?? true;
    this.#log.event('open');
    const stream$ =
      this.#wire.stream$ ?? (this.#alwaysListening$ = new BehaviorSubject<StreamState>({ listening: true }));
    const connection = new LegacyConnection(agreement, stream$, this.#peer, this, hub, this.#options);
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

function connectionError(cause: Error | undefined): Error {
  return new ConnectionLostError('connection: ended before the response arrived', { cause });
}
