import { UnauthorizedError as SdkUnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { ConnectionFailedError, MCPError, ServerError, UnauthorizedError } from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { reasonOf } from '../../util/reasonOf';

/** System errors that no further attempt can mend. */
const fatalCodes = new Set<unknown>(['ENOENT', 'EACCES', 'ENOTDIR', 'ERR_INVALID_URL', 'ERR_INVALID_ARG_VALUE']);

/** What stays wrong however often it is tried: a version that is not spoken here, params that are not JSON. */
const hopeless = /protocol version is not supported|serializ|circular|cyclic/i;

/** The typed error for whatever the SDK, the platform or a transport threw; `doing` says in words what was being done. */
export function toTypedError(cause: unknown, doing: string): MCPError {
  if (cause instanceof MCPError) return cause;
  if (cause instanceof McpError) return ofMcpError(cause);
  if (cause instanceof SdkUnauthorizedError)
    return new UnauthorizedError(`${doing}: authorization is needed`, { cause });
  if (cause instanceof StreamableHTTPError || cause instanceof SseError) return ofStatus(cause.code, cause, doing);
  if (isZodError(cause)) {
    const message = `${doing}: the server's answer does not fit the protocol`;
    return new ServerError(message, { code: errorCode.internalError, data: cause.issues, cause });
  }
  const { message, code, shown } = reasonOf(cause);
  const retryable = !fatalCodes.has(code) && !hopeless.test(message);
  return new ConnectionFailedError(`${doing}: ${message}`, { cause: shown, retryable });
}

function ofMcpError(cause: McpError): MCPError {
  // What this library answers on the server's behalf carries its own error.
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
