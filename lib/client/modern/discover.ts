import type { DiscoverResult } from '@modelcontextprotocol/client';
import { catchError, map, type Observable, of, retry, type SchedulerLike, throwError, timeout } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, ServerError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import type { DirectRequests } from './directRequests';
import type { Sdk } from './loadSdk';
import { protocolVersion } from './meta';

/** Milliseconds after which a process that does not answer is taken for one that does not know the question. */
const patience = 10_000;

/** How much of what it says that it speaks is put into an error, in characters. */
const excerpt = 200;

/**
 * Asks the server what it speaks. Errors with a {@link LegacyServerError} when the answer, or the lack of one, says that it
 * is none of this version: over HTTP a refusal does; elsewhere silence too, and the end of the process. An outage is no
 * answer.
 */
export function discover(
  { isSpecType }: Sdk,
  { request$ }: DirectRequests,
  kind: 'http' | 'transport',
  scheduler: SchedulerLike,
): Observable<DiscoverResult> {
  const silent$ = throwError(() => new LegacyServerError('it did not answer'));
  const answer$ = request$('rx-mcp-discover', 'server/discover', {}).pipe(
    // Of several servers behind one address, some may be older than others.
    retry({ count: 1, delay: (error: unknown) => (isContradiction(error) ? of(0) : throwError(() => error)) }),
    map((result) => {
      if (!isSpecType.DiscoverResult(result)) throw new LegacyServerError('its answer was another one');
      if (!result.supportedVersions.includes(protocolVersion)) {
        throw new LegacyServerError(`it speaks ${result.supportedVersions.join(', ').slice(0, excerpt)}`);
      }
      return result;
    }),
    catchError((error: unknown) => {
      if (isRefusal(error) || (kind === 'transport' && error instanceof ConnectionLostError)) {
        throw new LegacyServerError(error.message, error);
      }
      throw error;
    }),
  );
  return kind === 'http' ? answer$ : answer$.pipe(timeout({ first: patience, scheduler, with: () => silent$ }));
}

function isRefusal(error: unknown): error is Error {
  if (error instanceof ServerError) return true;
  return error instanceof ConnectionFailedError && error.status !== undefined && !error.retryable;
}

/** Whether a server refuses this version, and says that it speaks it. */
function isContradiction(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.code !== errorCode.unsupportedVersion || !isObject(error.data))
    return false;
  const { supported } = error.data;
  return Array.isArray(supported) && supported.includes(protocolVersion);
}

/** The server is there, but does not speak this version of the protocol. An older one may do. */
export class LegacyServerError extends ConnectionFailedError {
  constructor(message: string, cause?: unknown) {
    super(`the server does not speak protocol 2026-07-28: ${message}`, { cause, retryable: false });
  }
}
