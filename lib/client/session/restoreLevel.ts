import { catchError, defer, filter, lastValueFrom, merge, type Observable, of, takeUntil } from 'rxjs';
import { type MCPError, RequestTimeoutError } from '../../errors';
import type { Request } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import { backoffPolicy } from '../connection/retry/backoff';
import { retryWith } from '../connection/retry/retryWith';
import { toTypedError } from '../connection/toTypedError';
import { type CallLimits, withCallLimits } from './callLimits';

/** Dependencies of {@link restoreLevel}. */
interface RestoreLevelContext {
  /** Returns the request that sets the current level. */
  request(): Request;
  connections$: Observable<Connection>;
  limits: CallLimits;
  report(error: MCPError): void;
}

/** Timeout for each request, in milliseconds. */
const timeoutMs = 10_000;

/**
 * Sets the logging level on a new connection. Resolves when the server has responded, or the connection has been replaced. Repeats
 * the request with backoff if there is no response. Reports the first timeout, and any other error.
 */
export async function restoreLevel(
  connection: Connection,
  { request, connections$, limits, report }: RestoreLevelContext,
): Promise<void> {
  const { closed$, scheduler } = limits;
  const isRetryable = (error: unknown): boolean => error instanceof RequestTimeoutError;
  const replaced$ = connections$.pipe(filter((other) => other !== connection));
  const ended$ = closed$.pipe(catchError(() => of(undefined)));
  const set$ = defer(() => {
    const sent = request();
    return connection.request$(sent).pipe(withCallLimits(sent, { timeout: timeoutMs }, limits));
  }).pipe(
    retryWith(
      () => backoffPolicy({ isRetryable, scheduler }),
      ({ attempt }, error) => {
        if (attempt === 1) report(toTypedError(error, 'logging/setLevel'));
      },
    ),
    takeUntil(merge(replaced$, ended$)),
  );
  try {
    await lastValueFrom(set$, { defaultValue: undefined });
  } catch (error) {
    report(toTypedError(error, 'logging/setLevel'));
  }
}
