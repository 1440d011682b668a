import { defer, firstValueFrom, fromEvent, takeUntil, type ObservableInput } from 'rxjs';
import { methodNotFound } from '../connection/methodNotFound';
import { HandlerError, isTypedError } from '../errors';
import type { ClientCapabilities, JSONRPCRequest, Request, Result } from '../protocol';

/** Answers a request of the server: with a value, a promise or an Observable, of which the first value counts. */
export type RequestHandler = (request: Request) => ObservableInput<Result>;

/** Deals with what the server asks of the client. */
export interface ServerRequests {
  /** Sets the handler for a method, in place of the one before. Returns what takes it away again. */
  handle(method: string, handler: RequestHandler): () => void;
  /** The capabilities that follow from what is handled. */
  capabilities(): ClientCapabilities;
  respond(request: JSONRPCRequest, signal: AbortSignal): Promise<Result>;
}

const declares: Record<string, ClientCapabilities> = {
  'sampling/createMessage': { sampling: {} },
  'elicitation/create': { elicitation: {} },
};

/** @param report - is told what a handler threw; the server gets an internal error. */
export function createServerRequests(report: (error: Error) => void): ServerRequests {
  const handlers = new Map<string, RequestHandler>();
  return {
    handle(method, handler) {
      handlers.set(method, handler);
      return () => {
        if (handlers.get(method) === handler) handlers.delete(method);
      };
    },
    capabilities: () => [...handlers.keys()].reduce((declared, method) => ({ ...declared, ...declares[method] }), {}),
    async respond({ method, params }, signal) {
      const handler = handlers.get(method);
      if (!handler) throw methodNotFound(method);
      try {
        const cancelled$ = fromEvent(signal, 'abort');
        return await firstValueFrom(defer(() => handler({ method, params })).pipe(takeUntil(cancelled$)));
      } catch (cause) {
        if (signal.aborted || isTypedError(cause)) throw cause;
        const error = new HandlerError(`the handler of ${method} failed`, { cause });
        report(error);
        throw error;
      }
    },
  };
}
