import { ConnectionFailedError } from '../../errors';

/** Whether a request failed with an HTTP status. 401 and 403 lead to an `UnauthorizedError` instead. */
export function hasStatus(error: unknown): error is ConnectionFailedError & { readonly status: number } {
  return error instanceof ConnectionFailedError && error.status !== undefined;
}
