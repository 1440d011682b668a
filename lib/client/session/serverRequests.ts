import { firstValueFrom, type ObservableInput, Subject, takeUntil } from 'rxjs';
import { ConfigError, HandlerError, RequestCancelledError, ServerError, type MCPError } from '../../errors';
import { abortOf$ } from '../../util/abort';
import { assertJson } from '../../util/assertJson';
import { deferValue } from '../../util/deferValue';
import { isObject } from '../../util/isObject';
import { misspelledName } from '../../util/nearestName';
import type { ClientCapabilities, JSONRPCRequest, Request, RequestMap, Result } from '../../protocol/types';

/**
 * Answers a request from the server. Returns a result, a promise of one, or an Observable, whose first value is the
 * result. Typed by method for the methods in {@link RequestMap}. The params are not validated at run time.
 */
export type RequestHandler<M extends string = string> = M extends keyof RequestMap
  ? (request: RequestMap[M]['request']) => ObservableInput<RequestMap[M]['result']> | RequestMap[M]['result']
  : (request: Request) => ObservableInput<Result> | Result;

const declared = new Map<string, ClientCapabilities>([
  ['sampling/createMessage', { sampling: {} }],
  ['elicitation/create', { elicitation: {} }],
]);

/** The maximum number of pending server requests. Further requests are rejected. */
const maxPending = 1_024;

/** The error code for requests beyond `maxPending`, from JSON-RPC's implementation-defined range. */
const busyCode = -32000;

export interface ServerRequestsContext {
  /** Called with the error of a failed handler. The server receives an internal error instead. */
  report(error: MCPError): void;
  /** Returns the session's own handler for a method. Registered handlers take precedence over it. */
  ownHandler(method: string): RequestHandler | undefined;
  /** Answers requests without a handler while `requests$` has no subscriber. */
  forward(request: Request, signal: AbortSignal): Promise<Result>;
}

/** Dispatches server requests: to a handler, otherwise to the subscribers of `requests$`, otherwise to attached clients. */
export class ServerRequests {
  /** Requests without a handler. Hot. Completes when the session ends; never errors. */
  readonly requests$ = new Subject<IncomingRequest>();
  readonly #context: ServerRequestsContext;
  #handlers: Map<string, RequestHandler> | undefined;
  #completed$: Subject<void> | undefined;
  #open = 0;

  constructor(context: ServerRequestsContext) {
    this.#context = context;
  }

  /**
   * Sets or replaces the handler of a method. Returns a function that removes the handler.
   *
   * @throws `ConfigError` if the method looks like a misspelled method of the protocol.
   */
  handle(method: string, handler: RequestHandler): () => void {
    const suggestion = misspelledName(method, declared.keys());
    if (suggestion !== undefined) {
      throw new ConfigError(
        `method: unknown method ${JSON.stringify(method)}; did you mean ${JSON.stringify(suggestion)}?`,
        {
          path: 'method',
        },
      );
    }
    const handlers = (this.#handlers ??= new Map());
    handlers.set(method, handler);
    return () => {
      if (handlers.get(method) === handler) handlers.delete(method);
    };
  }

  /** Returns the client capabilities that the handlers imply. */
  capabilities(): ClientCapabilities {
    const methods = [...(this.#handlers?.keys() ?? [])];
    return Object.fromEntries(methods.flatMap((method) => Object.entries(declared.get(method) ?? {})));
  }

  respond({ method, params }: JSONRPCRequest, signal: AbortSignal): Promise<Result> {
    // The server may cancel a request in the same chunk of the stream. The signal has then already aborted.
    if (signal.aborted) return Promise.reject(new RequestCancelledError(`${method}: cancelled`));
    const handler = this.#handlers?.get(method) ?? this.#context.ownHandler(method);
    const request: Request = { method, params };
    if (this.#open >= maxPending) {
      const message = `${method}: too many pending requests (${String(maxPending)})`;
      return Promise.reject(new ServerError(message, { code: busyCode }));
    }
    let isOpen = true;
    const release = (): void => {
      if (isOpen) this.#open--;
      isOpen = false;
    };
    this.#open++;
    // Release the slot synchronously, because the next request may be in the same chunk as the cancellation.
    signal.addEventListener('abort', release, { once: true });
    const answer = handler ? this.#callHandler(handler, request, signal) : this.#emit(request, signal);
    return answer.finally(release);
  }

  complete(): void {
    this.#completed$?.next();
    this.requests$.complete();
  }

  async #callHandler(handler: RequestHandler, request: Request, signal: AbortSignal): Promise<Result> {
    try {
      const answer$ = deferValue<unknown>(() => {
        const given: unknown = handler(request);
        // A result is an object, so an array is an `ObservableInput`.
        return Array.isArray(given) ? given.values() : given;
      });
      const completed$ = (this.#completed$ ??= new Subject());
      const answer = await firstValueFrom(answer$.pipe(takeUntil(abortOf$(signal)), takeUntil(completed$)));
      assertResult(answer);
      return answer;
    } catch (cause) {
      // A handler throws a `ServerError` to respond with that error.
      if (signal.aborted || cause instanceof ServerError) throw cause;
      throw this.#handlerError(request.method, cause);
    }
  }

  #emit(request: Request, cancelled: AbortSignal): Promise<Result> {
    if (!this.requests$.observed) return this.#context.forward(request, cancelled);
    return new Promise((resolve, reject) => {
      const onCancelled = (): void => {
        reject(new RequestCancelledError(`${request.method}: cancelled`));
      };
      const respond = (result: Result): void => {
        try {
          assertResult(result);
          resolve(result);
        } catch (cause) {
          reject(this.#handlerError(request.method, cause));
        }
      };
      cancelled.addEventListener('abort', onCancelled, { once: true });
      this.requests$.next({ request, cancelled, respond, reject });
    });
  }

  #handlerError(method: string, cause: unknown): HandlerError {
    const error = new HandlerError(`${method}: the handler failed`, { cause });
    this.#context.report(error);
    return error;
  }
}

/**
 * Throws if a value is not a JSON object. Servers ignore a response with any other result, so their request would stay
 * pending.
 */
function assertResult(answer: unknown): asserts answer is Result {
  if (!isObject(answer)) throw new TypeError('expected an object as the result');
  assertJson(answer, 'result');
}

/**
 * A server request, as emitted on `requests$`. The first call of `respond` or `reject` settles the request; later calls
 * have no effect.
 */
export interface IncomingRequest {
  /** The method and params of the request. */
  readonly request: Request;
  /** Aborts when the server cancels the request or the connection ends. */
  readonly cancelled: AbortSignal;
  /**
   * Sends a result to the server. If the result is not a JSON object, the server receives an internal error, and
   * `errors$` emits a `HandlerError`.
   */
  respond(result: Result): void;
  /** Sends an error to the server: the code and data of a `ServerError`, or an internal error for any other error. */
  reject(error: Error): void;
}
