import { ConnectionFailedError, MCPError, ServerError } from '../../errors';
import { isObject } from '../../util/isObject';
import { reasonOf } from '../../util/reasonOf';
import { hasStatus } from './hasStatus';
import { toTypedError } from './toTypedError';

/** The codes of system errors that are not retryable, because they recur on every attempt. */
const permanentCodes = new Set<unknown>(['ENOENT', 'EACCES', 'ENOTDIR']);

/**
 * Matches the messages of errors that are not retryable: an unsupported protocol version, or params that cannot be
 * serialized.
 */
const permanentMessages = /protocol version is not supported|serializ|circular|cyclic/i;

/**
 * Converts an error of a process, an SDK or its transports to a typed error, like {@link toTypedError}. Errors of the
 * SDKs are recognized by their shape, so that no SDK is loaded.
 */
export function toTransportError(cause: unknown, operation: string): MCPError {
  if (cause instanceof MCPError) return cause;
  const { name, message, code, data, issues } = isObject(cause) ? cause : {};
  if (name === 'McpError' && typeof code === 'number') {
    return new ServerError(String(message).replace(/^(MCP error -?\d+: )+/, ''), { code, data, cause });
  }
  if (typeof name === 'string' && name.endsWith('ZodError') && Array.isArray(issues)) {
    return new ServerError(`${operation}: invalid response from server`, { data: issues, cause });
  }
  const error = toTypedError(cause, operation);
  const reason = reasonOf(cause);
  const isPermanent = permanentCodes.has(reason.code) || permanentMessages.test(reason.message);
  if (!isPermanent || !(error instanceof ConnectionFailedError) || hasStatus(error)) return error;
  return new ConnectionFailedError(error.message, { cause: error.cause, retryable: false });
}
