import { Observable, type Subscriber, Subscription } from 'rxjs';
import { ConnectionLostError, type MCPError } from '../../errors';
import { isRequestId } from '../../protocol/message';
import type { JSONRPCMessage, JSONRPCRequest, Notification, Request, RequestId, Result } from '../../protocol/types';
import { toTypedError } from '../connection/toTypedError';
import type { EngineContext } from '../connection/connection';
import type { WireLog } from '../connection/wireEvent';
import { Dispatcher, type DispatchTarget, errorOfResponse } from './dispatcher';
import { IncomingRequests } from './incomingRequests';

/** Options for {@link Peer}. */
export interface PeerOptions {
  /**
   * Sends a message on subscription. Completes when the message was accepted. Errors if the message or the response to
   * it is lost. Cold.
   */
  send(message: JSONRPCMessage): Observable<never>;
  /** Called with each error of `send`, after the request or notification has failed with it. */
  onSendError(error: MCPError): void;
  /** See {@link DispatchTarget.respondsPerRequest}. */
  readonly respondsPerRequest?: boolean | undefined;
}

/** A request that was sent. Kept until its response stream has ended. */
interface SentRequest {
  request: Request;
  subscriber: Subscriber<Result>;
  isPending: boolean;
  /** Whether the server has accepted the request, but its HTTP response did not contain the JSON-RPC response. */
  isAccepted: boolean;
}

/**
 * JSON-RPC over one connection: requests and responses, in both directions. Independent of the wire. Messages are
 * processed synchronously, in wire order. A class instead of closures, to save memory: every connection has one.
 */
export class Peer implements DispatchTarget {
  readonly #context: EngineContext;
  readonly #options: PeerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #sent = new Map<RequestId, SentRequest>();
  #incoming: IncomingRequests | undefined;
  #cancellations: Set<Promise<void>> | undefined;
  /** The notifications and responses that the wire has not accepted yet. */
  #transmissions: Subscription | undefined;
  #version: string | undefined;
  #endError: Error | undefined;
  #onDrained: (() => void) | undefined;
  #isSessionUnknown = false;

  constructor(context: EngineContext, log: WireLog, options: PeerOptions) {
    this.#context = context;
    this.#options = options;
    this.#dispatcher = new Dispatcher(context.hub, log, this);
  }

  /**
   * Sends a request on subscription, emits its result and completes. Cold. Unsubscribing before the result cancels the
   * request on the server.
   */
  request$(request: Request): Observable<Result> {
    return new Observable((subscriber) => {
      if (this.#endError) {
        subscriber.error(this.#endError);
        return undefined;
      }
      const { method, params } = request;
      const id = this.#context.nextId();
      const sent: SentRequest = { request, subscriber, isPending: true, isAccepted: false };
      this.#sent.set(id, sent);
      const message: JSONRPCMessage = { jsonrpc: '2.0', id, method, ...(params && { params }) };
      this.#dispatcher.onSent(message);
      const sending = this.#options.send(message).subscribe({
        error: (cause: unknown) => {
          const error = toTypedError(cause, method);
          this.#dispatcher.failRequest(id, error);
          this.#options.onSendError(error);
        },
        complete: () => {
          sent.isAccepted = true;
        },
      });
      return () => {
        this.#sent.delete(id);
        // A settled request is not cancelled. Its response stream is read to the end.
        if (!this.#settle(sent)) return;
        sending.unsubscribe();
        this.#incoming?.cancelFrom(id);
        if (method !== 'initialize' && !this.#isSessionUnknown) this.#cancel(id);
      };
    });
  }

  /** Sends a notification. Resolves when the wire has accepted it. */
  notify({ method, params }: Notification): Promise<void> {
    if (this.#endError) return Promise.reject(this.#endError);
    return this.#transmit({ jsonrpc: '2.0', method, ...(params && { params }) });
  }

  /** Handles a message from the wire: any parsed JSON. */
  receive(value: unknown): void {
    this.#dispatcher.receive(value);
  }

  /** Sets the negotiated protocol version. */
  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  /** Makes the peer drop all further incoming messages, and aborts the handlers of pending server requests. */
  stopReceiving(): void {
    this.#dispatcher.stopReceiving();
    this.#incoming?.abortAll();
  }

  /**
   * Fails all future requests with `error`, and each pending request for which `errorFor` returns an error. Resolves
   * when no request is pending. Sends no cancellations: used when the server no longer recognizes the session.
   */
  drain(error: Error, errorFor: (id: RequestId) => Error | undefined): Promise<void> {
    this.#isSessionUnknown = true;
    return this.#drained(error, errorFor);
  }

  /**
   * Fails all future and pending messages with `error`, or with the error that `errorFor` returns for a pending
   * request. Does not cancel requests on the server.
   */
  fail(error: Error, errorFor?: (id: RequestId) => Error | undefined): void {
    this.#endError ??= error;
    this.#transmissions?.unsubscribe();
    const failed = [...this.#sent].filter(([, sent]) => this.#settle(sent));
    for (const [id, { subscriber }] of failed) subscriber.error(errorFor?.(id) ?? error);
  }

  /**
   * Fails all future requests with `error`, and each pending request whose response can no longer arrive. Resolves when
   * no request is pending.
   */
  awaitResponses(error: Error): Promise<void> {
    return this.#drained(error, (id) => (this.#sent.get(id)?.isAccepted ? error : undefined));
  }

  /**
   * Fails all future and pending requests with `error`, and cancels the pending ones on the server. Resolves when all
   * cancellations have been sent.
   */
  async cancelAll(error: Error): Promise<void> {
    this.#endError ??= error;
    for (const { isPending, subscriber } of [...this.#sent.values()]) if (isPending) subscriber.error(error);
    await Promise.all([...(this.#cancellations ?? [])]);
  }

  get respondsPerRequest(): boolean {
    return this.#options.respondsPerRequest ?? false;
  }

  allowsBatches(): boolean {
    return this.#version === '2025-03-26';
  }

  onNotification({ method, params }: Notification): void {
    if (method !== 'notifications/cancelled') return;
    const id = params?.['requestId'];
    if (isRequestId(id)) this.#incoming?.cancel(id, params?.['reason']);
  }

  onRequest(request: JSONRPCRequest): void {
    this.#incoming ??= new IncomingRequests(this.#context, {
      transmit: (response) => this.#transmit(response),
      originOf: (id) => this.#sent.get(id)?.request,
      hasEnded: () => this.#endError !== undefined,
    });
    this.#incoming.receive(request);
  }

  onResponse(response: Parameters<DispatchTarget['onResponse']>[0]): void {
    const sent = this.#sent.get(response.id);
    if (!sent || !this.#settle(sent)) return;
    const { subscriber } = sent;
    if ('error' in response) {
      subscriber.error(errorOfResponse(response.error));
    } else {
      subscriber.next(response.result);
      subscriber.complete();
    }
  }

  /** Marks a request as settled. Returns whether it was pending. */
  #settle(sent: SentRequest): boolean {
    if (!sent.isPending) return false;
    sent.isPending = false;
    if (this.#onDrained && !this.#hasPending()) this.#onDrained();
    return true;
  }

  #hasPending(): boolean {
    return [...this.#sent.values()].some(({ isPending }) => isPending);
  }

  /**
   * Fails future requests, and each pending request for which `errorFor` returns an error. Resolves when no request is
   * pending.
   */
  #drained(error: Error, errorFor: (id: RequestId) => Error | undefined): Promise<void> {
    this.#endError ??= error;
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      for (const [id, sent] of [...this.#sent]) {
        const requestError = errorFor(id);
        if (requestError && this.#settle(sent)) sent.subscriber.error(requestError);
      }
      if (!this.#hasPending()) resolve();
    });
  }

  /** Sends a message that has no response. */
  #transmit(message: JSONRPCMessage): Promise<void> {
    this.#dispatcher.onSent(message);
    return new Promise((resolve, reject) => {
      let isAccepted = false;
      const sending = this.#options.send(message).subscribe({
        error: (cause: unknown) => {
          const error = toTypedError(cause, 'sending');
          reject(error);
          this.#options.onSendError(error);
        },
        complete: () => {
          isAccepted = true;
          resolve();
        },
      });
      // When the connection ends, the wire drops messages without an error.
      sending.add(() => {
        if (!isAccepted) reject(this.#endError ?? new ConnectionLostError('sending: the connection ended'));
      });
      (this.#transmissions ??= new Subscription()).add(sending);
    });
  }

  #cancel(requestId: RequestId): void {
    const params = { requestId, reason: 'no longer needed' };
    const cancellations = (this.#cancellations ??= new Set());
    const sent = this.#transmit({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
      // The request has already failed here, so an error of the cancellation is ignored.
      .catch(() => undefined)
      .finally(() => cancellations.delete(sent));
    cancellations.add(sent);
  }
}
