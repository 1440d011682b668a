import { Observable, type Subscriber } from 'rxjs';
import { ConnectionLostError, InvalidNotificationError, MCPError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import type { JSONRPCMessage, JSONRPCRequest, Notification, Request, RequestId, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { toTypedError } from '../connection/toTypedError';
import type { EngineContext } from '../connection/connection';
import { originIds } from '../connection/originIds';
import type { WireLog } from '../connection/wireEvent';
import { createDispatcher, type DispatchTarget, errorOfResponse } from './dispatcher';

/** JSON-RPC over one connection: requests and their responses, in both directions. Independent of the wire. */
export interface Peer {
  /**
   * Sends a request on subscription, emits its result and completes. Cold. Unsubscribing earlier cancels the request on the
   * server.
   */
  request$(request: Request): Observable<Result>;
  /** Sends a notification. Resolves when the wire has accepted it. */
  notify(notification: Notification): Promise<void>;
  /** Receives a message from the wire: any parsed JSON. */
  receive(value: unknown): void;
  /** Sets the negotiated protocol version. Only 2025-03-26 has batches. */
  agree(version: string): void;
  /** Drops all incoming messages from now on, and aborts the handlers of pending server requests. */
  mute(): void;
  /**
   * Fails all future requests with an error, and each pending one that has its own error. Resolves when no request is pending. For a
   * server that has forgotten the session, so no cancellation is sent.
   */
  drain(error: Error, ownError: (id: RequestId) => Error | undefined): Promise<void>;
  /** Fails all future requests with an error, and each pending one with that error or its own. Sends nothing. */
  fail(error: Error, ownError?: (id: RequestId) => Error | undefined): void;
  /**
   * Fails all future requests with an error, and each pending one whose response cannot arrive anymore. Resolves when no request
   * is pending.
   */
  awaitResponses(error: Error): Promise<void>;
  /** Fails and cancels all pending requests, and fails future ones. Resolves when all cancellations have been sent. */
  cancelAll(error: Error): Promise<void>;
}

/** Options for {@link createPeer}. */
export interface PeerOptions {
  /** Sends a message. Cold. Completes when the message was accepted. Errors if the message or the response to it was lost. */
  send(message: JSONRPCMessage): Observable<never>;
  /** Called with each error of `send`, after the sender has received it. */
  onSendError(error: MCPError): void;
  /** See `DispatchTarget`. */
  respondsPerRequest?: boolean | undefined;
}

/**
 * The maximum number of responses that the server has not accepted yet. Further ones are dropped, so that a server
 * cannot make them accumulate.
 */
const maxAnswersInFlight = 1_024;

/** Creates the {@link Peer} of a connection. Messages are processed synchronously and in wire order. */
export function createPeer({ hub, nextId, respond }: EngineContext, log: WireLog, options: PeerOptions): Peer {
  const pending = new Map<RequestId, Subscriber<Result>>();
  /** The ids of the pending requests that were accepted, and whose response arrives outside of the HTTP response. */
  let accepted: Set<RequestId> | undefined;
  const requests = new Map<RequestId, Request>();
  let answering: Map<RequestId, AbortController> | undefined;
  let cancellations: Set<Promise<void>> | undefined;
  let answersInFlight = 0;
  let version: string | undefined;
  let ended: Error | undefined;
  let onDrained: (() => void) | undefined;
  let isForgotten = false;

  const { respondsPerRequest } = options;
  const target: DispatchTarget = { onNotification, onRequest, onResponse, allowsBatches, respondsPerRequest };
  const dispatcher = createDispatcher(hub, log, target);

  function allowsBatches(): boolean {
    return version === '2025-03-26';
  }

  function onNotification({ method, params }: Notification): void {
    if (method !== 'notifications/cancelled') return;
    const id = params?.['requestId'];
    const controller = typeof id === 'string' || typeof id === 'number' ? answering?.get(id) : undefined;
    controller?.abort(params?.['reason']);
  }

  function onRequest(request: JSONRPCRequest): void {
    const { id, method } = request;
    if (method === 'ping') {
      answer({ jsonrpc: '2.0', id, result: {} });
      return;
    }
    if (answering?.has(id)) {
      const message = `receiving: invalid message (${method} has the id of a pending request)`;
      hub.report(new InvalidNotificationError(message, { issues: [{ message }], notification: request }));
      return;
    }
    const controller = new AbortController();
    answering ??= new Map();
    answering.set(id, controller);
    respond(request, controller.signal, originOf(request))
      .then<JSONRPCMessage, JSONRPCMessage>(
        (result) => ({ jsonrpc: '2.0', id, result }),
        (cause: unknown) => ({ jsonrpc: '2.0', id, error: errorObject(cause) }),
      )
      .then((message) => {
        answering?.delete(id);
        if (!controller.signal.aborted) answer(message);
      }, hub.report);
  }

  /** Returns the pending request that a server request belongs to, if the transport provides that. */
  function originOf(request: JSONRPCRequest): Request | undefined {
    const id = originIds.get(request);
    return id === undefined ? undefined : requests.get(id);
  }

  function answer(message: JSONRPCMessage): void {
    if (answersInFlight >= maxAnswersInFlight) {
      hub.report(new ConnectionLostError(`responding: too many responses in flight (${String(maxAnswersInFlight)})`));
      return;
    }
    answersInFlight++;
    transmit(message)
      .catch((error: unknown) => {
        if (!ended && error instanceof MCPError) hub.report(error);
      })
      .finally(() => answersInFlight--);
  }

  function onResponse(response: Parameters<DispatchTarget['onResponse']>[0]): void {
    const subscriber = pending.get(response.id);
    if (!subscriber) return;
    remove(response.id);
    if ('error' in response) {
      subscriber.error(errorOfResponse(response.error));
    } else {
      subscriber.next(response.result);
      subscriber.complete();
    }
  }

  /** Removes a request from the pending ones. Returns whether it was one of them. */
  function remove(id: RequestId): boolean {
    const wasPending = pending.delete(id);
    if (pending.size === 0) onDrained?.();
    return wasPending;
  }

  /** Fails future requests, and each pending one that has its own error. Resolves when no request is pending. */
  function drained(error: Error, ownError: (id: RequestId) => Error | undefined): Promise<void> {
    ended ??= error;
    return new Promise((resolve) => {
      onDrained = resolve;
      for (const [id, subscriber] of [...pending]) {
        const own = ownError(id);
        if (own && remove(id)) subscriber.error(own);
      }
      if (pending.size === 0) resolve();
    });
  }

  /** Sends a message that has no response. */
  function transmit(message: JSONRPCMessage): Promise<void> {
    dispatcher.sent(message);
    return new Promise((resolve, reject) => {
      options.send(message).subscribe({
        error: (cause: unknown) => {
          const error = toTypedError(cause, 'sending');
          reject(error);
          options.onSendError(error);
        },
        complete: resolve,
      });
    });
  }

  function cancel(requestId: RequestId): void {
    const params = { requestId, reason: 'no longer needed' };
    const sent = transmit({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
      // The request is settled on this side, whether or not the cancellation arrives.
      .catch(() => undefined)
      .finally(() => cancellations?.delete(sent));
    cancellations ??= new Set();
    cancellations.add(sent);
  }

  function request$(request: Request): Observable<Result> {
    const { method, params } = request;
    return new Observable((subscriber) => {
      if (ended) {
        subscriber.error(ended);
        return undefined;
      }
      const id = nextId();
      pending.set(id, subscriber);
      requests.set(id, request);
      const message: JSONRPCMessage = { jsonrpc: '2.0', id, method, ...(params && { params }) };
      dispatcher.sent(message);
      const sending = options.send(message).subscribe({
        error: (cause: unknown) => {
          const error = toTypedError(cause, method);
          dispatcher.refuse(id, error);
          options.onSendError(error);
        },
        complete: () => {
          if (pending.has(id)) (accepted ??= new Set()).add(id);
        },
      });
      return () => {
        requests.delete(id);
        accepted?.delete(id);
        // A settled request is not cancelled, and its response stream may be read to its end.
        if (!remove(id)) return;
        sending.unsubscribe();
        if (method !== 'initialize' && !isForgotten) cancel(id);
      };
    });
  }

  return {
    request$,
    async notify({ method, params }) {
      if (ended) throw ended;
      await transmit({ jsonrpc: '2.0', method, ...(params && { params }) });
    },
    receive: dispatcher.receive,
    agree(agreed) {
      version = agreed;
    },
    mute() {
      dispatcher.mute();
      for (const controller of answering?.values() ?? []) controller.abort();
    },
    drain(error, ownError) {
      isForgotten = true;
      return drained(error, ownError);
    },
    fail(error, ownError) {
      ended ??= error;
      const failed = [...pending];
      pending.clear();
      for (const [id, subscriber] of failed) subscriber.error(ownError?.(id) ?? error);
    },
    awaitResponses: (error) => drained(error, (id) => (accepted?.has(id) ? error : undefined)),
    async cancelAll(error) {
      ended ??= error;
      for (const subscriber of [...pending.values()]) subscriber.error(error);
      await Promise.all([...(cancellations ?? [])]);
    },
  };
}

/** Returns the JSON-RPC error for an error of a handler. */
function errorObject(cause: unknown): { code: number; message: string; data?: unknown } {
  const { code, data } = isObject(cause) ? cause : {};
  return {
    code: typeof code === 'number' && Number.isSafeInteger(code) ? code : errorCode.internalError,
    message: cause instanceof Error ? cause.message : 'internal error',
    ...(data !== undefined && { data }),
  };
}
