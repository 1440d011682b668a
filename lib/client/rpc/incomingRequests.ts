import { ConnectionLostError, HandlerError, MCPError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { invalidMessage } from '../../protocol/message';
import type { JSONRPCMessage, JSONRPCRequest, Request, RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { EngineContext } from '../connection/connection';

/**
 * For each server request, the id of the client request on whose response stream it arrived. Empty for transports with
 * a single stream for all messages.
 */
export const originIds = new WeakMap<object, RequestId>();

export interface IncomingRequestsOptions {
  /** Sends a response. Rejects with a typed error. */
  transmit(response: JSONRPCMessage): Promise<void>;
  /** Returns the client request with an id. Returns `undefined` if its response stream has ended. */
  originOf(id: RequestId): Request | undefined;
  /** Whether the connection has ended. After that, responses that cannot be sent are not reported. */
  hasEnded(): boolean;
}

/**
 * The maximum number of responses that are being sent. Further responses are dropped, so that a server that does not
 * accept them cannot use up memory.
 */
const maxResponsesInFlight = 1_024;

/** A server request whose handler has not finished. */
interface PendingRequest {
  /** The id of the client request that it belongs to. `undefined` if unknown. */
  originId: RequestId | undefined;
  controller: AbortController;
}

/** Answers the server requests of one connection. */
export class IncomingRequests {
  readonly #context: EngineContext;
  readonly #options: IncomingRequestsOptions;
  readonly #pending = new Map<RequestId, PendingRequest>();
  #responsesInFlight = 0;

  /** @param context - answers the requests. */
  constructor(context: EngineContext, options: IncomingRequestsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Answers a request. A request with the id of a pending request is reported and not answered. */
  receive(request: JSONRPCRequest): void {
    const { id, method } = request;
    const { hub, respond } = this.#context;
    if (method === 'ping') {
      this.#send({ jsonrpc: '2.0', id, result: {} });
      return;
    }
    const pending = this.#pending;
    if (pending.has(id)) {
      hub.report(invalidMessage(`${method} has the id of a pending request`, request));
      return;
    }
    const originId = originIds.get(request);
    const origin = originId === undefined ? undefined : this.#options.originOf(originId);
    const controller = new AbortController();
    pending.set(id, { originId, controller });
    respond(request, controller.signal, origin)
      .then<JSONRPCMessage, JSONRPCMessage>(
        (result) => ({ jsonrpc: '2.0', id, result }),
        (cause: unknown) => ({ jsonrpc: '2.0', id, error: errorObject(cause, method) }),
      )
      .then((message) => {
        pending.delete(id);
        if (!controller.signal.aborted) this.#send(message);
      }, hub.report);
  }

  /** Aborts the handler of a pending request, because the server cancelled the request. */
  cancel(id: RequestId, reason: unknown): void {
    this.#pending.get(id)?.controller.abort(reason);
  }

  /**
   * Aborts the handlers of the pending requests that belong to a client request, because that request was cancelled.
   * The server may send their cancellation on the response stream, which is already closed.
   */
  cancelFrom(requestId: RequestId): void {
    for (const { originId, controller } of this.#pending.values()) if (originId === requestId) controller.abort();
  }

  /** Aborts the handlers of all pending requests. */
  abortAll(): void {
    for (const { controller } of this.#pending.values()) controller.abort();
  }

  #send(message: JSONRPCMessage): void {
    const { hub } = this.#context;
    if (this.#responsesInFlight >= maxResponsesInFlight) {
      const detail = `too many responses in flight (${String(maxResponsesInFlight)})`;
      hub.report(new ConnectionLostError(`responding: ${detail}`));
      return;
    }
    this.#responsesInFlight++;
    this.#options
      .transmit(message)
      .catch((error: unknown) => {
        if (!this.#options.hasEnded() && error instanceof MCPError) hub.report(error);
      })
      .finally(() => this.#responsesInFlight--);
  }
}

/** Converts the error of a handler to a JSON-RPC error. */
function errorObject(cause: unknown, method: string): { code: number; message: string; data?: unknown } {
  // The original message contains the reason, which may not be meant for the server.
  if (cause instanceof HandlerError) return { code: errorCode.internalError, message: `${method}: the handler failed` };
  const { code, data } = isObject(cause) ? cause : {};
  return {
    code: typeof code === 'number' && Number.isSafeInteger(code) ? code : errorCode.internalError,
    message: cause instanceof Error ? cause.message : 'internal error',
    ...(data !== undefined && { data }),
  };
}
