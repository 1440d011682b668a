import {
  defer,
  firstValueFrom,
  fromEvent,
  isObservable,
  merge,
  type Observable,
  type ObservableInput,
  of,
  Subject,
  takeUntil,
} from 'rxjs';
import { HandlerError, RequestCancelledError, ServerError, type MCPError } from '../../errors';
import { isObject } from '../../util/isObject';
import type { ClientCapabilities, JSONRPCRequest, Request, RequestMap, Result } from '../../protocol/types';

/**
 * Answers a request of the server: with a result, a promise of one, or an Observable of which the first value counts. Typed by
 * the method, for those that are in {@link RequestMap}: that is what the protocol says, and nobody has checked that the server
 * keeps to it.
 */
export type RequestHandler<M extends string = string> = M extends keyof RequestMap
  ? (request: RequestMap[M]['request']) => ObservableInput<RequestMap[M]['result']> | RequestMap[M]['result']
  : (request: Request) => ObservableInput<Result> | Result;

/** Deals with what the server asks of the client. */
export interface ServerRequests {
  /** Hot; the requests that no handler is set for. */
  readonly requests$: Observable<IncomingRequest>;
  /** Sets the handler for a method, in place of the one before. Returns what takes it away again. */
  handle(method: string, handler: RequestHandler): () => void;
  /** The capabilities that follow from what is handled. */
  capabilities(): ClientCapabilities;
  respond(request: JSONRPCRequest, signal: AbortSignal): Promise<Result>;
  complete(): void;
}

const declared = new Map<string, ClientCapabilities>([
  ['sampling/createMessage', { sampling: {} }],
  ['elicitation/create', { elicitation: {} }],
]);

/** By what RxJS knows a source that is no Observable: promises, iterables, streams. A result, plain JSON, has none of it. */
const sourceKeys = ['then', Symbol.iterator, Symbol.asyncIterator, 'getReader'];

/** How many requests may wait for an answer at a time: what a server asks beyond that is refused. */
const mostOpen = 1_024;

/** The code of that refusal, of those that JSON-RPC leaves to implementations. */
const busy = -32000;

/**
 * @param report - is told what a handler threw; the server gets an internal error.
 * @param own - the handler of a method that no other is set for.
 * @param askGuests - answers what has no handler while nothing subscribes to `requests$`.
 */
export function createServerRequests(
  report: (error: MCPError) => void,
  own: (method: string) => RequestHandler | undefined,
  askGuests: (request: Request, signal: AbortSignal) => Promise<Result>,
): ServerRequests {
  const handlers = new Map<string, RequestHandler>();
  const requests$ = new Subject<IncomingRequest>();
  const completed$ = new Subject<void>();
  let open = 0;

  function failed(method: string, cause: unknown): HandlerError {
    const error = new HandlerError(`the handler of ${method} failed`, { cause });
    report(error);
    return error;
  }

  async function handled(handler: RequestHandler, request: Request, signal: AbortSignal): Promise<Result> {
    try {
      const answer$ = defer(() => {
        const given$: unknown = handler(request);
        return isSource(given$) ? given$ : of(given$);
      });
      const answer = await firstValueFrom(answer$.pipe(takeUntil(merge(fromEvent(signal, 'abort'), completed$))));
      assertResult(answer);
      return answer;
    } catch (cause) {
      // One of these is an answer that the handler has chosen.
      if (signal.aborted || cause instanceof ServerError) throw cause;
      throw failed(request.method, cause);
    }
  }

  function asked(request: Request, cancelled: AbortSignal): Promise<Result> {
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
      handlers.set(method, handler);
      return () => {
        if (handlers.get(method) === handler) handlers.delete(method);
      };
    },
    capabilities: () =>
      Object.fromEntries([...handlers.keys()].flatMap((method) => Object.entries(declared.get(method) ?? {}))),
    respond({ method, params }, signal) {
      // One that was cancelled in the same breath: its signal will not abort a second time.
      if (signal.aborted) return Promise.reject(new RequestCancelledError(`${method}: cancelled`));
      const handler = handlers.get(method) ?? own(method);
      const request: Request = { method, params };
      if (open >= mostOpen) {
        return Promise.reject(new ServerError(`${String(mostOpen)} requests are not answered yet`, { code: busy }));
      }
      let isOpen = true;
      const release = (): void => {
        if (isOpen) open--;
        isOpen = false;
      };
      open++;
      // At once: the next request of the server may be in the same chunk as the cancellation.
      signal.addEventListener('abort', release, { once: true });
      return (handler ? handled(handler, request, signal) : asked(request, signal)).finally(release);
    },
    complete() {
      completed$.next();
      requests$.complete();
    },
  };
}

function isSource(given$: unknown): given$ is ObservableInput<unknown> {
  return isObservable(given$) || (isObject(given$) && sourceKeys.some((key) => key in given$)) || Array.isArray(given$);
}

/** What is no object can not be sent, and the server would wait for it. */
function assertResult(answer: unknown): asserts answer is Result {
  if (!isObject(answer)) throw new TypeError('expected a result, which is an object');
}

/** A request of the server that waits for somebody to answer it. The first to respond or reject settles it. */
export interface IncomingRequest {
  /** What is asked: `method` and `params`, as they came. */
  readonly request: Request;
  /** Aborts when there is nobody to answer any more: the server cancelled, or the connection ended. */
  readonly cancelled: AbortSignal;
  /** Answers it. */
  respond(result: Result): void;
  /** Refuses it: a `ServerError` with its code and data, anything else as an internal error. */
  reject(error: Error): void;
}
