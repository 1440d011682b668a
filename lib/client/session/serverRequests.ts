import {
  firstValueFrom,
  from,
  fromEvent,
  merge,
  type Observable,
  type ObservableInput,
  Subject,
  takeUntil,
} from 'rxjs';
import { HandlerError, RequestCancelledError, ServerError, type MCPError } from '../../errors';
import { assertJson } from '../../util/assertJson';
import { deferValue } from '../../util/deferValue';
import { isObject } from '../../util/isObject';
import type { ClientCapabilities, JSONRPCRequest, Request, RequestMap, Result } from '../../protocol/types';

/**
 * Answers a server request with a result, a promise of one, or an Observable, whose first value is the result. Typed by method
 * for the methods in {@link RequestMap}. The request itself is not validated.
 */
export type RequestHandler<M extends string = string> = M extends keyof RequestMap
  ? (request: RequestMap[M]['request']) => ObservableInput<RequestMap[M]['result']> | RequestMap[M]['result']
  : (request: Request) => ObservableInput<Result> | Result;

/** Dispatches server requests to handlers, to `requests$` and to guests. */
export interface ServerRequests {
  /** Requests without a handler. Hot. */
  readonly requests$: Observable<IncomingRequest>;
  /** Sets or replaces the handler of a method. Returns a function that removes it. */
  handle(method: string, handler: RequestHandler): () => void;
  /** Returns the capabilities that the handlers imply. */
  capabilities(): ClientCapabilities;
  respond(request: JSONRPCRequest, signal: AbortSignal): Promise<Result>;
  complete(): void;
}

const declared = new Map<string, ClientCapabilities>([
  ['sampling/createMessage', { sampling: {} }],
  ['elicitation/create', { elicitation: {} }],
]);

/** The maximum number of pending requests. Further ones are rejected. */
const maxPending = 1_024;

/** The error code of that rejection, from JSON-RPC's implementation-defined range. */
const busy = -32000;

/**
 * @param report - called with the error of a failed handler. The server receives an internal error.
 * @param own - returns the default handler of a method.
 * @param askGuests - answers requests without a handler while `requests$` has no subscriber.
 */
export function createServerRequests(
  report: (error: MCPError) => void,
  own: (method: string) => RequestHandler | undefined,
  askGuests: (request: Request, signal: AbortSignal) => Promise<Result>,
): ServerRequests {
  let handlers: Map<string, RequestHandler> | undefined;
  const requests$ = new Subject<IncomingRequest>();
  const completed$ = new Subject<void>();
  let open = 0;

  function failed(method: string, cause: unknown): HandlerError {
    const error = new HandlerError(`${method}: the handler failed`, { cause });
    report(error);
    return error;
  }

  async function handled(handler: RequestHandler, request: Request, signal: AbortSignal): Promise<Result> {
    try {
      const answer$ = deferValue<unknown>(() => {
        const given$: unknown = handler(request);
        // A result is an object, so an array is an `ObservableInput`.
        return Array.isArray(given$) ? from(given$) : given$;
      });
      const answer = await firstValueFrom(answer$.pipe(takeUntil(merge(fromEvent(signal, 'abort'), completed$))));
      assertResult(answer);
      return answer;
    } catch (cause) {
      // A `ServerError` is the handler's intended response.
      if (signal.aborted || cause instanceof ServerError) throw cause;
      throw failed(request.method, cause);
    }
  }

  function emitRequest(request: Request, cancelled: AbortSignal): Promise<Result> {
    if (!requests$.observed) return askGuests(request, cancelled);
    return new Promise((resolve, reject) => {
      const withdrawn = (): void => {
        reject(new RequestCancelledError(`${request.method}: cancelled`));
      };
      const respond = (result: Result): void => {
        try {
          assertResult(result);
          resolve(result);
        } catch (cause) {
          reject(failed(request.method, cause));
        }
      };
      cancelled.addEventListener('abort', withdrawn, { once: true });
      requests$.next({ request, cancelled, respond, reject });
    });
  }

  return {
    requests$: requests$.asObservable(),
    handle(method, handler) {
      handlers ??= new Map();
      handlers.set(method, handler);
      return () => {
        if (handlers?.get(method) === handler) handlers.delete(method);
      };
    },
    capabilities: () =>
      Object.fromEntries([...(handlers?.keys() ?? [])].flatMap((method) => Object.entries(declared.get(method) ?? {}))),
    respond({ method, params }, signal) {
      // The request was cancelled in the same chunk, so the signal has already aborted.
      if (signal.aborted) return Promise.reject(new RequestCancelledError(`${method}: cancelled`));
      const handler = handlers?.get(method) ?? own(method);
      const request: Request = { method, params };
      if (open >= maxPending) {
        return Promise.reject(
          new ServerError(`${method}: too many pending requests (${String(maxPending)})`, { code: busy }),
        );
      }
      let isOpen = true;
      const release = (): void => {
        if (isOpen) open--;
        isOpen = false;
      };
      open++;
      // Release the request synchronously, because the next one may be in the same chunk as the cancellation.
      signal.addEventListener('abort', release, { once: true });
      return (handler ? handled(handler, request, signal) : emitRequest(request, signal)).finally(release);
    },
    complete() {
      completed$.next();
      requests$.complete();
    },
  };
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
