import { ConnectionFailedError, SessionExpiredError, UnauthorizedError } from '../../../errors';

/** Returns the error of a session whose server may have been replaced by a different process. */
export function replacedError(): SessionExpiredError {
  return new SessionExpiredError('listening: the server may have been replaced');
}

/** Whether a server rejects this client permanently. */
export function isFinal(error: unknown): boolean {
  return error instanceof UnauthorizedError || (error instanceof ConnectionFailedError && error.status === 405);
}

/** Whether a server rejects the event id. */
export function isUnknownEvent(error: unknown): boolean {
  return error instanceof ConnectionFailedError && error.status === 400;
}

/** Whether the server is reachable and knows the session, but does not respond to a GET with a stream. */
export function isNoStream(error: Error): boolean {
  if (error instanceof UnauthorizedError) return true;
  return (
    error instanceof ConnectionFailedError && error.status !== undefined && (error.status < 300 || !error.retryable)
  );
}

/** Whether a server responds with a status of 500 or more. */
export function isServerError(error: Error): boolean {
  return error instanceof ConnectionFailedError && error.status !== undefined && error.status >= 500;
}

/** Whether a request failed without a response. */
export function isNetworkError(error: Error): boolean {
  return error instanceof ConnectionFailedError && error.status === undefined;
}
