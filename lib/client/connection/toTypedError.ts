import { ConnectionFailedError, MCPError, ServerError, UnauthorizedError } from '../../errors';
import { isObject } from '../../util/isObject';
import { reasonOf } from '../../util/reasonOf';

/** The codes of system errors that are not retryable, because they recur on every attempt. */
const permanentCodes = new Set<unknown>(['ENOENT', 'EACCES', 'ENOTDIR', 'ERR_INVALID_URL', 'ERR_INVALID_ARG_VALUE']);

/**
 * Matches the messages of errors that are not retryable: an unsupported protocol version, or params that cannot be
 * serialized.
 */
const permanentMessages = /protocol version is not supported|serializ|circular|cyclic/i;

/**
 * Converts an error of a transport, the platform or an SDK to a typed error. Errors of the SDKs are recognized by their
 * shape, so that no SDK is loaded.
 *
 * @param operation - the operation, as a prefix for the message.
 */
export function toTypedError(cause: unknown, operation: string): MCPError {
  if (cause instanceof MCPError) return cause;
  // Check the shape instead of the class, because in test runners, platform errors often come from another realm.
  if (!isObject(cause) || typeof cause['message'] !== 'string') return unknownError(cause, operation);
  const { name, message, code, status = code, data, issues } = cause;
  if (name === 'McpError' && typeof code === 'number') {
    return new ServerError(message.replace(/^(MCP error -?\d+: )+/, ''), { code, data, cause });
  }
  if (name === 'UnauthorizedError' || cause.constructor.name === 'UnauthorizedError') {
    return new UnauthorizedError(`${operation}: authorization required`, { cause });
  }
  if (typeof status === 'number' && status >= 300 && status < 600) return ofStatus(status, message, cause, operation);
  if (typeof name === 'string' && name.endsWith('ZodError') && Array.isArray(issues)) {
    const text = `${operation}: invalid response from server`;
    return new ServerError(text, { data: issues, cause });
  }
  return unknownError(cause, operation);
}

function unknownError(cause: unknown, operation: string): MCPError {
  const { message, code, shown } = reasonOf(cause);
  const retryable = !permanentCodes.has(code) && !permanentMessages.test(message);
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
