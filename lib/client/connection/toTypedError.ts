import { ConnectionFailedError, MCPError, UnauthorizedError } from '../../errors';
import { isObject } from '../../util/isObject';
import { reasonOf } from '../../util/reasonOf';

/** The codes of errors of `fetch` that are not retryable, because they recur on every attempt. */
const permanentCodes = new Set<unknown>(['ERR_INVALID_URL', 'ERR_INVALID_ARG_VALUE']);

/**
 * Converts an error of the platform, of `fetch` or of OAuth to a typed error.
 *
 * @param operation - the operation, as a prefix for the message.
 */
export function toTypedError(cause: unknown, operation: string): MCPError {
  if (cause instanceof MCPError) return cause;
  // Check the shape instead of the class, because in test runners, platform errors often come from another realm.
  if (!isObject(cause) || typeof cause['message'] !== 'string') return unknownError(cause, operation);
  const { name, message, code, status = code } = cause;
  if (name === 'UnauthorizedError' || cause.constructor.name === 'UnauthorizedError') {
    return new UnauthorizedError(`${operation}: authorization required`, { cause });
  }
  if (typeof status === 'number' && status >= 300 && status < 600) return ofStatus(status, message, cause, operation);
  return unknownError(cause, operation);
}

function unknownError(cause: unknown, operation: string): MCPError {
  const { message, code, shown } = reasonOf(cause);
  const retryable = !permanentCodes.has(code);
  return new ConnectionFailedError(`${operation}: ${message}`, { cause: shown, retryable });
}

function ofStatus(status: number, reason: string, cause: unknown, operation: string): MCPError {
  const message = `${operation}: ${reason}`;
  if (status === 401 || status === 403) return new UnauthorizedError(message, { cause, status });
  return new ConnectionFailedError(message, { cause, status });
}

/** Returns the message of an error that ended an operation, prefixed with the operation. */
export function messageDuring(operation: string, { message }: Error): string {
  const reason = message.replace(/^connection: /, '');
  return reason.startsWith(`${operation}: `) || reason.startsWith(`${operation} at `)
    ? reason
    : `${operation}: ${reason}`;
}
