import { Observable, type Subscriber, Subscription } from 'rxjs';
import { ConnectionLostError, type MCPError } from '../../errors';
import type { JSONRPCMessage, JSONRPCRequest, Notification, Request, RequestId, Result } from '../../protocol/types';
import { toTypedError } from '../connection/toTypedError';
import type { EngineContext } from '../connection/connection';
import type { WireLog } from '../connection/wireEvent';
import { Dispatcher, type DispatchTarget, errorOfResponse } from './dispatcher';
import { IncomingRequests } from './incomingRequests';

/** Options for {@link Peer}. */
export interface PeerOptions {
  /** Sends a message. Cold. Completes when the message was accepted. Errors if the message or the response to it was lost. */
  send(message: JSONRPCMessage): Observable<never>;
  /** Called with each error of `send`, after the sender has received it. */
  onSendError(error: MCPError): void;
  /** See `DispatchTarget`. */
  readonly respondsPerRequest?: boolean | undefined;
}

/** A request that was sent. Kept after its response while its response stream is read. */
interface SentRequest {
  request: Request;
  subscriber: Subscriber<Result>;
  isPending: boolean;
  /** Whether the server has accepted the request without a response, which arrives outside of the HTTP response. */
  isAccepted: boolean;
}

/**
 * JSON-RPC over one connection: requests and their responses, in both directions. Independent of the wire. Messages are processed
 * synchronously and in wire order. A class, because every connection has one.
 */
export class Peer implements DispatchTarget {
  readonly #context: EngineContext;
  readonly #options: PeerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #sent = new Map<RequestId, SentRequest>();
  #incoming: IncomingRequests | undefined;
  #cancellations: Set<Promise<void>> | undefined;
  /** The messages without a response that the wire has not accepted yet. */
  #transmissions: Subscription | undefined;
  #version: string | undefined;
  #ended: Error | undefined;
  #onDrained: (() => void) | undefined;
  #isForgotten = false;

  /** Does not send anything. */
  constructor(context: EngineContext, log: WireLog, options: PeerOptions) {
    this.#context = context;
    this.#options = options;
    this.#dispatcher = new Dispatcher(context.hub, log, this);
  }

  /**
   * Sends a request on subscription, emits its result and completes. Cold. Unsubscribing earlier cancels the request on the
   * server.
   */
  request$(request: Request): Observable<Result> {
    return new Observable((subscriber) => {
      if (this.#ended) {
        subscriber.error(this.#ended);
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
        // A settled request is not cancelled, and its response stream may be read to its end.
        if (!this.#settle(sent)) return;
        sending.unsubscribe();
        if (method !== 'initialize' && !this.#isForgotten) this.#cancel(id);
      };
    });
  }

  /** Sends a notification. Resolves when the wire has accepted it. */
  async notify({ method, params }: Notification): Promise<void> {
    if (this.#ended) throw this.#ended;
    await this.#transmit({ jsonrpc: '2.0', method, ...(params && { params }) });
  }

  /** Receives a message from the wire: any parsed JSON. */
  receive(value: unknown): void {
    this.#dispatcher.receive(value);
  }

  /** Sets the negotiated protocol version. Only 2025-03-26 has batches. */
  setProtocolVersion(version: string): void {
    this.#version = version;
  }

  /** Drops all incoming messages from now on, and aborts the handlers of pending server requests. */
  mute(): void {
    this.#dispatcher.mute();
    this.#incoming?.abortAll();
  }

  /**
   * Fails all future requests with an error, and each pending one that has its own error. Resolves when no request is pending. For a
   * server that has forgotten the session, so no cancellation is sent.
   */
  drain(error: Error, ownError: (id: RequestId) => Error | undefined): Promise<void> {
    this.#isForgotten = true;
    return this.#drained(error, ownError);
  }

  /**
   * Fails all future messages with an error, and each pending one with that error. A pending request may have its own error. Does
   * not cancel requests on the server.
   */
  fail(error: Error, ownError?: (id: RequestId) => Error | undefined): void {
    this.#ended ??= error;
    this.#transmissions?.unsubscribe();
    const failed = [...this.#sent].filter(([, sent]) => this.#settle(sent));
    for (const [id, { subscriber }] of failed) subscriber.error(ownError?.(id) ?? error);
  }

  /**
   * Fails all future requests with an error, and each pending one whose response cannot arrive anymore. Resolves when no request
   * is pending.
   */
  awaitResponses(error: Error): Promise<void> {
    return this.#drained(error, (id) => (this.#sent.get(id)?.isAccepted ? error : undefined));
  }

  /** Fails and cancels all pending requests, and fails future ones. Resolves when all cancellations have been sent. */
  async cancelAll(error: Error): Promise<void> {
    this.#ended ??= error;
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
    if (typeof id === 'string' || typeof id === 'number') this.#incoming?.cancel(id, params?.['reason']);
  }

  onRequest(request: JSONRPCRequest): void {
    this.#incoming ??= new IncomingRequests(this.#context, {
      transmit: (response) => this.#transmit(response),
      originOf: (id) => this.#sent.get(id)?.request,
      hasEnded: () => this.#ended !== undefined,
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

  /** Fails future requests, and each pending one that has its own error. Resolves when no request is pending. */
  #drained(error: Error, ownError: (id: RequestId) => Error | undefined): Promise<void> {
    this.#ended ??= error;
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      for (const [id, sent] of [...this.#sent]) {
        const own = ownError(id);
        if (own && this.#settle(sent)) sent.subscriber.error(own);
      }
      if (!this.#hasPending()) resolve();
    });
  }

  /** Sends a message that has no response. */
  #transmit(message: JSONRPCMessage): Promise<void> {
    this.#dispatcher.onSent(message);
    return new Promise((resolve, reject) => {
      const sending = this.#options.send(message).subscribe({
        error: (cause: unknown) => {
          const error = toTypedError(cause, 'sending');
          reject(error);
          this.#options.onSendError(error);
        },
        complete: resolve,
      });
      // The wire abandons its messages without an error when the connection ends.
      sending.add(() => {
        reject(this.#ended ?? new ConnectionLostError('sending: the connection ended'));
      });
      (this.#transmissions ??= new Subscription()).add(sending);
    });
  }

  #cancel(requestId: RequestId): void {
    const params = { requestId, reason: 'no longer needed' };
    const cancellations = (this.#cancellations ??= new Set());
    const sent = this.#transmit({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
      // The request is settled on this side, whether or not the cancellation arrives.
      .catch(() => undefined)
      .finally(() => cancellations.delete(sent));
    cancellations.add(sent);
  }
}
