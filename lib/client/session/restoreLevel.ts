import { catchError, defer, filter, merge, type Observable, of, takeUntil } from 'rxjs';
import { type MCPError, RequestTimeoutError } from '../../errors';
import type { Request } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import { toTypedError } from '../connection/toTypedError';
import { type CallLimits, withCallLimits } from './callLimits';
import { isConnectionError } from './live/retryWhileOpen';
import { retryRestoring } from './retryRestoring';

/** Dependencies of {@link restoreLevel}. */
interface RestoreLevelContext {
  /** Returns the request that sets the current level. */
  request(): Request;
  connections$: Observable<Connection>;
  limits: CallLimits;
  report(error: MCPError): void;
}

/** Timeout for each `logging/setLevel` request, in milliseconds. */
const timeoutMs = 10_000;

/**
 * Sets the logging level on a new connection. Resolves when the server has responded or the connection was replaced. If
 * the server does not process the request, retries with backoff. Reports the first failure.
 */
export function restoreLevel(
  connection: Connection,
  { request, connections$, limits, report }: RestoreLevelContext,
): Promise<void> {
  const { closed$, scheduler } = limits;
  const replaced$ = connections$.pipe(filter((other) => other !== connection));
  const ended$ = closed$.pipe(catchError(() => of(undefined)));
  const set$ = defer(() => {
    const sent = request();
    return connection.request$(sent).pipe(withCallLimits(sent, { timeout: timeoutMs }, limits));
  });
  return new Promise((resolve) => {
    let isReported = false;

    function onFailure(error: unknown): void {
      if (!isReported && !isConnectionError(error)) {
        isReported = true;
        report(toTypedError(error, 'logging/setLevel'));
      }
      // A rejection is a response as well, so the connection can be used. Only a timeout delays its use.
      if (!(error instanceof RequestTimeoutError)) resolve();
    }

    set$.pipe(retryRestoring(scheduler, onFailure), takeUntil(merge(replaced$, ended$))).subscribe({
      error: onFailure,
      complete: resolve,
    });
  });
}
