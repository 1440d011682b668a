import { UnauthorizedError as SdkUnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { ConnectionFailedError, MCPError, ServerError, UnauthorizedError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { reasonOf } from '../../util/reasonOf';

/** System errors that recur on every attempt. */
const permanentCodes = new Set<unknown>(['ENOENT', 'EACCES', 'ENOTDIR', 'ERR_INVALID_URL', 'ERR_INVALID_ARG_VALUE']);

/** Messages of errors that recur on every attempt: an unsupported protocol version, params that are not serializable. */
const permanentMessages = /protocol version is not supported|serializ|circular|cyclic/i;

/** Converts an error of the SDK, the platform or a transport. `doing` names the operation in the message. */
export function toTypedError(cause: unknown, doing: string): MCPError {
  if (cause instanceof MCPError) return cause;
  if (cause instanceof McpError) return ofMcpError(cause);
  if (cause instanceof SdkUnauthorizedError)
    return new UnauthorizedError(`${doing}: authorization required`, { cause });
  if (cause instanceof StreamableHTTPError || cause instanceof SseError) return ofStatus(cause.code, cause, doing);
  if (isZodError(cause)) {
    const message = `${doing}: invalid response from server`;
    return new ServerError(message, { code: errorCode.internalError, data: cause.issues, cause });
  }
  const { message, code, shown } = reasonOf(cause);
  const retryable = !permanentCodes.has(code) && !permanentMessages.test(message);
  return new ConnectionFailedError(`${doing}: ${message}`, { cause: shown, retryable });
}

function ofMcpError(cause: McpError): MCPError {
  // This library settles requests on the server's behalf with its own error as data.
  if (cause.data instanceof MCPError) return cause.data;
  const message = cause.message.replace(/^(MCP error -?\d+: )+/, '');
  return new ServerError(message, { code: cause.code, data: cause.data, cause });
}

function ofStatus(status: number | undefined, cause: Error, doing: string): MCPError {
  const message = `${doing}: ${cause.message}`;
  if (status === 401 || status === 403) return new UnauthorizedError(message, { cause });
  return new ConnectionFailedError(message, { cause, status });
}

function isZodError(error: unknown): error is Error & { issues: unknown[] } {
  return error instanceof Error && error.name.endsWith('ZodError') && 'issues' in error && Array.isArray(error.issues);
}
