import { catchError, firstValueFrom, NEVER, race, type Subscription } from 'rxjs';
import { ConnectionLostError, SessionExpiredError, UnauthorizedError } from '../../errors';
import type { RequestId } from '../../protocol/types';
import type { EngineContext } from '../connection/connection';
import { awaitClosed, awaitSettled } from '../connection/limits';
import type { Peer } from '../rpc/peer';
import type { Wire } from './wire';

/** Timeout for ending the session on the server, in milliseconds. */
const terminateTimeoutMs = 2_000;

/**
 * How long pending requests wait for their own rejections after the server has reported that the session is unknown, in
 * milliseconds.
 */
const rejectionTimeoutMs = 1_000;

/** Ends the peer and the wire of one connection. Created when the connection ends, so that an open one does not hold it. */
export class Teardown {
  readonly #peer: Peer;
  readonly #wire: Wire;
  readonly #running: Subscription;
  readonly #context: EngineContext;
  #closed: Promise<void> | undefined;

  /** @param running - what the connection is subscribed to, with the messages of the wire. */
  constructor(peer: Peer, wire: Wire, running: Subscription, context: EngineContext) {
    this.#peer = peer;
    this.#wire = wire;
    this.#running = running;
    this.#context = context;
  }

  /** Ends an attempt to connect that failed with an error. */
  async abort(error: Error): Promise<void> {
    this.#stop(error);
    // A DELETE would require the same authorization that has just failed, and might prompt the user again.
    const terminated = error instanceof UnauthorizedError ? Promise.resolve() : this.#terminate(Promise.resolve());
    this.#closed ??= terminated.then(() => this.#closeWire());
    await this.#closed;
  }

  /**
   * Ends a connection that was lost with an error.
   *
   * @param isOutdated - whether the server still responds to the pending requests.
   */
  async release(error: Error, isOutdated: boolean): Promise<void> {
    if (isOutdated) await this.#awaitResponses(error);
    else if (this.#wire.endpoint?.isExpired) await this.#awaitRejections(error);
    this.#stop(error);
    await (this.#closed ??= this.#closeWire());
  }

  /** Ends a connection on purpose: cancels its pending requests, and ends the session on the server. */
  async end(error: Error): Promise<void> {
    this.#peer.stopReceiving();
    // Wait for a microtask, so that the session can first fail its calls with its own error.
    const cancelled = Promise.resolve().then(() => this.#peer.cancelAll(connectionError(error)));
    await this.#terminate(cancelled.then(() => this.#running.unsubscribe()));
    this.#stop(error);
    await (this.#closed ??= this.#closeWire());
  }

  /** Ends the session on the server after `preparation`. After the timeout, sends nothing. */
  async #terminate(preparation: Promise<void>): Promise<void> {
    const controller = new AbortController();
    await this.#awaitSettled(preparation.then(() => this.#wire.endpoint?.terminate(controller.signal)));
    controller.abort();
  }

  /** Fails the pending requests. */
  #stop(error: Error): void {
    this.#peer.stopReceiving();
    this.#running.unsubscribe();
    this.#peer.fail(connectionError(error), (id) => this.#rejectionOf(id, error));
  }

  /**
   * Returns the error for a request that the server has rejected. The server has not processed the request, so the
   * session may resend it.
   */
  #rejectionOf(id: RequestId, error: Error): Error | undefined {
    return error instanceof SessionExpiredError && this.#wire.endpoint?.isRejected(id) ? error : undefined;
  }

  /** Resolves when all pending requests have their responses, or when the session is closed. */
  async #awaitResponses(error: Error): Promise<void> {
    const { closed$ = NEVER } = this.#context;
    const lostError = connectionError(error);
    const isClosed$ = closed$.pipe(catchError(() => [undefined]));
    await firstValueFrom(race(this.#peer.awaitResponses(lostError), isClosed$));
    await this.#awaitSettled(this.#peer.cancelAll(lostError));
  }

  async #awaitRejections(error: Error): Promise<void> {
    this.#peer.stopReceiving();
    const drained = this.#peer.drain(connectionError(error), (id) => this.#rejectionOf(id, error));
    this.#running.unsubscribe();
    await this.#awaitSettled(drained, rejectionTimeoutMs);
  }

  #awaitSettled(promise: Promise<unknown>, timeoutMs = terminateTimeoutMs): Promise<void> {
    return awaitSettled(promise, timeoutMs, this.#context.scheduler);
  }

  #closeWire(): Promise<void> {
    return awaitClosed(this.#wire.close(), this.#context.scheduler);
  }
}

function connectionError(cause: Error): Error {
  return new ConnectionLostError('connection: ended before the response arrived', { cause });
}
