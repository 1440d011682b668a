import type { DiscoverResult } from '@modelcontextprotocol/client';
import { catchError, map, type Observable, of, retry, type SchedulerLike, throwError, timeout } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, ServerError, UnauthorizedError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import { defaultConnectTimeoutMs } from '../connection/limits';
import type { DirectRequests } from './directRequests';
import type { Sdk } from './sdk';
import { protocolVersion } from './meta';

/** The maximum time that a server may take to respond before another version is tried, in milliseconds. */
const maxSilenceMs = 10_000;

/** Options for {@link discover}. */
interface DiscoverOptions {
  kind: 'http' | 'transport';
  /** The timeout of the handshake. Default: that of every connector. */
  connectTimeout?: number | undefined;
  /** Whether another version is tried if the server does not respond. */
  mayFallBack: boolean;
  scheduler: SchedulerLike;
}

/** The part of the server's list of versions that an error message shows, in characters. */
const maxExcerptLength = 200;

/**
 * Sends `server/discover`. Errors with a {@link LegacyServerError} if the server does not support this version: the server rejects
 * the request or, except over HTTP, does not respond or exits. Transient statuses and errors of an outage over HTTP are passed on,
 * because they do not identify the version. Over HTTP, silence is a {@link SilentServerError}.
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
    // Servers behind the same load balancer may support different versions.
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
  // A server that is starting may take longer, so without another version the handshake's own timeout applies.
  return kind === 'http' && !mayFallBack
    ? response$
    : response$.pipe(timeout({ first: silenceMs, scheduler, with: () => silent$ }));
}

function isRejection(error: unknown): error is Error {
  if (error instanceof ServerError) return true;
  return error instanceof ConnectionFailedError && error.status !== undefined && !error.retryable;
}

/** Whether the response stream was opened, and then ended without a response. */
function endedWithoutResponse(error: unknown): boolean {
  return error instanceof ConnectionLostError && error.cause instanceof ConnectionLostError;
}

/**
 * Whether a response to `server/discover` does not show whether the server supports this version. Legacy servers respond to an unknown
 * method with any status, as does a server that is starting. A rate limit, or a delay that the server requests, shows that no request
 * is welcome.
 */
export function isInconclusive(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return error.status !== undefined;
  if (error instanceof SilentServerError) return true;
  if (!(error instanceof ConnectionFailedError) || error instanceof LegacyServerError) return false;
  const { status, retryAfter } = error;
  return status !== undefined && status !== 429 && retryAfter === undefined;
}

/** Whether a server rejects another version because it supports only this one, or rejects this one although it supports it. */
export function rejectsButSupports(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.code !== errorCode.unsupportedVersion || !isObject(error.data))
    return false;
  const { supported } = error.data;
  return Array.isArray(supported) && supported.includes(protocolVersion);
}

/** The server accepted `server/discover` over HTTP, and has not responded in time. */
class SilentServerError extends ConnectionFailedError {
  constructor(timeoutMs: number) {
    super(`server/discover: timed out after ${String(timeoutMs)} ms`);
  }
}

/** The server responds, but does not support this version of the protocol. */
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
