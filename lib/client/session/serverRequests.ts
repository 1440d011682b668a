import { firstValueFrom, from, merge, type ObservableInput, Subject, takeUntil } from 'rxjs';
import { ConfigError, HandlerError, RequestCancelledError, ServerError, type MCPError } from '../../errors';
import { abortOf$ } from '../../util/abort';
import { assertJson } from '../../util/assertJson';
import { deferValue } from '../../util/deferValue';
import { isObject } from '../../util/isObject';
import { misspelledName } from '../../util/nearestName';
import type { ClientCapabilities, JSONRPCRequest, Request, RequestMap, Result } from '../../protocol/types';

/**
 * Answers a server request with a result, a promise of one, or an Observable, whose first value is the result. Typed by method
 * for the methods in {@link RequestMap}. The request itself is not validated.
 */
export type RequestHandler<M extends string = string> = M extends keyof RequestMap
  ? (request: RequestMap[M]['request']) => ObservableInput<RequestMap[M]['result']> | RequestMap[M]['result']
  : (request: Request) => ObservableInput<Result> | Result;

const declared = new Map<string, ClientCapabilities>([
  ['sampling/createMessage', { sampling: {} }],
  ['elicitation/create', { elicitation: {} }],
]);

/** The maximum number of pending requests. Further ones are rejected. */
const maxPending = 1_024;

/** The error code of that rejection, from JSON-RPC's implementation-defined range. */
const busy = -32000;

/** Dependencies of {@link ServerRequests}. */
export interface ServerRequestsContext {
  /** Receives the error of a failed handler. The server receives an internal error. */
  report(error: MCPError): void;
  /** Returns the default handler of a method. */
  ownHandler(method: string): RequestHandler | undefined;
  /** Answers a request without a handler while `requests$` has no subscriber. */
  askGuests(request: Request, signal: AbortSignal): Promise<Result>;
}

/** Dispatches server requests to handlers, to `requests$` and to guests. */
export class ServerRequests {
  /** Requests without a handler. Hot. */
  readonly requests$ = new Subject<IncomingRequest>();
  readonly #context: ServerRequestsContext;
  #handlers: Map<string, RequestHandler> | undefined;
  #completed$: Subject<void> | undefined;
  #open = 0;

  /** Starts without handlers. */
  constructor(context: ServerRequestsContext) {
    this.#context = context;
  }

  /**
   * Sets or replaces the handler of a method. Returns a function that removes it.
   *
   * @throws `ConfigError` if the method is a misspelled one of the protocol.
   */
  handle(method: string, handler: RequestHandler): () => void {
    const meant = misspelledName(method, declared.keys());
    if (meant !== undefined) {
      throw new ConfigError(
        `method: unknown method ${JSON.stringify(method)}; did you mean ${JSON.stringify(meant)}?`,
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

  /** Returns the capabilities that the handlers imply. */
  capabilities(): ClientCapabilities {
    const methods = [...(this.#handlers?.keys() ?? [])];
    return Object.fromEntries(methods.flatMap((method) => Object.entries(declared.get(method) ?? {})));
  }

  respond({ method, params }: JSONRPCRequest, signal: AbortSignal): Promise<Result> {
    // The request was cancelled in the same chunk, so the signal has already aborted.
    if (signal.aborted) return Promise.reject(new RequestCancelledError(`${method}: cancelled`));
    const handler = this.#handlers?.get(method) ?? this.#context.ownHandler(method);
    const request: Request = { method, params };
    if (this.#open >= maxPending) {
      const message = `${method}: too many pending requests (${String(maxPending)})`;
      return Promise.reject(new ServerError(message, { code: busy }));
    }
    let isOpen = true;
    const release = (): void => {
      if (isOpen) this.#open--;
      isOpen = false;
    };
    this.#open++;
    // Release the request synchronously, because the next one may be in the same chunk as the cancellation.
    signal.addEventListener('abort', release, { once: true });
    const answer = handler ? this.#handled(handler, request, signal) : this.#emit(request, signal);
    return answer.finally(release);
  }

  complete(): void {
    this.#completed$?.next();
    this.requests$.complete();
  }

  async #handled(handler: RequestHandler, request: Request, signal: AbortSignal): Promise<Result> {
    try {
      const answer$ = deferValue<unknown>(() => {
        const given$: unknown = handler(request);
        // A result is an object, so an array is an `ObservableInput`.
        return Array.isArray(given$) ? from(given$) : given$;
      });
      const completed$ = (this.#completed$ ??= new Subject());
      const answer = await firstValueFrom(answer$.pipe(takeUntil(merge(abortOf$(signal), completed$))));
      assertResult(answer);
      return answer;
    } catch (cause) {
      // A `ServerError` is the handler's intended response.
      if (signal.aborted || cause instanceof ServerError) throw cause;
      throw this.#failed(request.method, cause);
    }
  }

  #emit(request: Request, cancelled: AbortSignal): Promise<Result> {
    if (!this.requests$.observed) return this.#context.askGuests(request, cancelled);
    return new Promise((resolve, reject) => {
      const withdrawn = (): void => {
        reject(new RequestCancelledError(`${request.method}: cancelled`));
      };
      const respond = (result: Result): void => {
        try {
          assertResult(result);
          resolve(result);
        } catch (cause) {
          reject(this.#failed(request.method, cause));
        }
      };
      cancelled.addEventListener('abort', withdrawn, { once: true });
      this.requests$.next({ request, cancelled, respond, reject });
    });
  }

  #failed(method: string, cause: unknown): HandlerError {
    const error = new HandlerError(`${method}: the handler failed`, { cause });
    this.#context.report(error);
    return error;
  }
}

/** Rejects a value that is not a JSON object: a server would never settle a request with such a result. */
function assertResult(answer: unknown): asserts answer is Result {
  if (!isObject(answer)) throw new TypeError('expected an object as the result');
  assertJson(answer, 'result');
}

/** A server request on `requests$`. The first `respond` or `reject` settles it. */
export interface IncomingRequest {
  /** The request, with `method` and `params`. */
  readonly request: Request;
  /** Aborts when the server cancels the request or the connection ends. */
  readonly cancelled: AbortSignal;
  /** Sends a result. */
  respond(result: Result): void;
  /** Sends an error: the code and data of a `ServerError`, otherwise an internal error. */
  reject(error: Error): void;
}
