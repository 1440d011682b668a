import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { Observable } from 'rxjs';
import { ConnectionFailedError, ServerError } from '../errors';
import type { Request, Result } from '../protocol/types';
import { resultSchemaOf } from './resultSchemaOf';
import { toTypedError } from '../client/connection/toTypedError';

/** The longest delay that a timer can have. Timeouts are not the SDK's here: its cap on the total is no clock. */
export const never = 2 ** 31 - 1;

/**
 * Requests over a client of the SDK, as cold Observables: each emits its result and completes, errors with a typed error,
 * and is cancelled on the server when it is unsubscribed from before that, and only then.
 *
 * @param lost - the error to give when the connection ended under the request.
 */
export function requestOver(client: Client, lost: () => Error | undefined): (request: Request) => Observable<Result> {
  function send(request: Request, signal: AbortSignal): Promise<Result> {
    return client.request(request, resultSchemaOf(request.method), { signal, timeout: never });
  }

  return (request) =>
    new Observable((subscriber) => {
      // One a request: the SDK leaves its listener on the signal, and takes an abort after the answer for a cancellation.
      const controller = new AbortController();
      let settled = false;
      send(request, controller.signal).then(
        (result) => {
          settled = true;
          subscriber.next(result);
          subscriber.complete();
        },
        (error: unknown) => {
          settled = true;
          const typed = toTypedError(error, request.method);
          // Only the SDK's own words for a connection that ended are replaced: other errors came before that.
          const mayMeanLost = typed instanceof ServerError || typed instanceof ConnectionFailedError;
          subscriber.error((mayMeanLost ? lost() : undefined) ?? typed);
        },
      );
      return () => {
        if (!settled) controller.abort('no longer needed');
      };
    });
}
