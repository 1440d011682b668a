import type { DiscoverResult } from '@modelcontextprotocol/client';
import { catchError, map, type Observable, of, retry, type SchedulerLike, throwError, timeout } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, ServerError, UnauthorizedError } from '../../errors';
import { modernErrorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import { defaultConnectTimeoutMs } from '../connection/limits';
import type { DirectRequests } from './directRequests';
import type { Sdk } from './sdk';
import { protocolVersion } from './meta';

/** The maximum time to wait for a response before the default engine is tried, in milliseconds. */
const maxSilenceMs = 10_000;

/** Options for {@link discover}. */
interface DiscoverOptions {
  kind: 'http' | 'transport';
  /** The timeout for the handshake, in milliseconds. Default: the default of the connector option. */
  connectTimeout?: number | undefined;
  /** Whether the default engine is tried if the server does not respond. */
  mayFallBack: boolean;
  scheduler: SchedulerLike;
}

/** The maximum length of the server's versions in an error message, in characters. */
const maxExcerptLength = 200;

/**
 * Sends `server/discover`. Errors with a {@link LegacyServerError} if the server does not support protocol 2026-07-28,
 * that is, if it rejects the request or, except over HTTP, does not respond or exits.
 *
 * Over HTTP, transient statuses and network errors are not converted, because they do not show which versions the
 * server supports. If the server does not respond, errors with a {@link SilentServerError}.
 */
export function discover(
  { isSpecType }: Sdk,
  { request$ }: DirectRequests,
  { kind, connectTimeout = defaultConnectTimeoutMs, mayFallBack, scheduler }: DiscoverOptions,
): Observable<DiscoverResult> {
  const silenceMs = Math.min(maxSilenceMs, connectTimeout / 3);
  const silent$ = throwError(() =>
    kind === 'http' ? new SilentServerError(silenceMs) : new LegacyServerError('no response to server/discover'),
  );
  const response$ = request$('rx-mcp-discover', 'server/discover', {}).pipe(
    // Retry once, because servers behind the same load balancer may support different versions.
    retry({ count: 1, delay: (error: unknown) => (rejectsButSupports(error) ? of(0) : throwError(() => error)) }),
    map((result) => {
      if (!isSpecType.DiscoverResult(result)) throw new LegacyServerError('unexpected response to server/discover');
      if (!result.supportedVersions.includes(protocolVersion)) {
        throw new LegacyServerError(`supported: ${result.supportedVersions.join(', ').slice(0, maxExcerptLength)}`);
      }
      return result;
    }),
    catchError((error: unknown) => {
      if (kind === 'http' && endedWithoutResponse(error)) {
        throw new ConnectionFailedError('server/discover: HTTP 200 without a response', { status: 200, cause: error });
      }
      if (isRejection(error) || (kind === 'transport' && error instanceof ConnectionLostError)) {
        throw new LegacyServerError(error.message, error);
      }
      throw error;
    }),
  );
  // If there is no other version to try, the timeout for the handshake applies, because a server that is starting may
  // take longer.
  return kind === 'http' && !mayFallBack
    ? response$
    : response$.pipe(timeout({ first: silenceMs, scheduler, with: () => silent$ }));
}

function isRejection(error: unknown): error is Error {
  if (error instanceof ServerError) return true;
  return error instanceof ConnectionFailedError && error.status !== undefined && !error.retryable;
}

/** Whether an error means that the response stream was opened, and ended without a response. */
function endedWithoutResponse(error: unknown): boolean {
  return error instanceof ConnectionLostError && error.cause instanceof ConnectionLostError;
}

/**
 * Whether an error of `server/discover` leaves open whether the server supports this version. Legacy servers respond to
 * an unknown method with any status, and so do servers that are starting. `false` for a rate limit and for a requested
 * delay, after which another request would be rejected as well.
 */
export function isInconclusive(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return error.status !== undefined;
  if (error instanceof SilentServerError) return true;
  if (!(error instanceof ConnectionFailedError) || error instanceof LegacyServerError) return false;
  const { status, retryAfter } = error;
  return status !== undefined && status !== 429 && retryAfter === undefined;
}

/**
 * Whether an error shows that the server supports this version: it rejects another version because it supports only
 * this one, or rejects this one although it lists it.
 */
export function rejectsButSupports(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.code !== modernErrorCode.unsupportedVersion || !isObject(error.data))
    return false;
  const { supported } = error.data;
  return Array.isArray(supported) && supported.includes(protocolVersion);
}

/** The server has accepted `server/discover` over HTTP, but has not responded in time. */
class SilentServerError extends ConnectionFailedError {
  constructor(timeoutMs: number) {
    super(`server/discover: timed out after ${String(timeoutMs)} ms`);
  }
}

/** The server responds, but does not support protocol 2026-07-28. */
export class LegacyServerError extends ConnectionFailedError {
  constructor(message: string, cause?: unknown) {
    const status = cause instanceof ConnectionFailedError ? cause.status : undefined;
    super(`connecting: the server does not support protocol 2026-07-28 (${message})`, {
      cause,
      status,
      retryable: false,
    });
  }
}
