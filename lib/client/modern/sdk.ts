import type * as sdk from '@modelcontextprotocol/client';
import {
  ConfigError,
  ConnectionFailedError,
  ConnectionLostError,
  MCPError,
  ServerError,
  UnauthorizedError,
} from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import { toTransportError } from '../connection/toTransportError';

/** The SDK for protocol 2026-07-28. */
export type Sdk = typeof sdk;

/**
 * Loads the SDK, which is an optional peer dependency. Rejects with a `ConfigError` if it is not installed.
 *
 * @param load - imports the SDK. Replaced in tests.
 */
export async function loadSdk(load: () => Promise<Sdk> = () => import('@modelcontextprotocol/client')): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    const message = 'engine: protocol 2026-07-28 requires another package (npm install @modelcontextprotocol/client)';
    throw new ConfigError(message, { path: 'engine', cause });
  }
}

/**
 * Converts an error of the SDK for 2026-07-28 to a typed error.
 *
 * @param operation - the operation, as a prefix for the message.
 */
export function toModernError(
  { ProtocolError, SdkError, SdkErrorCode, SdkHttpError, UnauthorizedError: SdkUnauthorizedError }: Sdk,
  cause: unknown,
  operation: string,
): MCPError {
  if (cause instanceof SdkUnauthorizedError)
    return new UnauthorizedError(`${operation}: authorization required`, { cause });
  if (cause instanceof ProtocolError) {
    // If this library created the error response, its `data` is the original error.
    if (cause.data instanceof MCPError) return cause.data;
    return new ServerError(cause.message, { code: cause.code, data: cause.data, cause });
  }
  if (cause instanceof SdkHttpError) {
    const { status } = cause;
    const message = `${operation}: ${cause.message}`;
    const refused = status === 401 || status === 403;
    return refused ? new UnauthorizedError(message, { cause }) : new ConnectionFailedError(message, { cause, status });
  }
  if (!(cause instanceof SdkError)) return toTransportError(cause, operation);
  switch (cause.code) {
    case SdkErrorCode.MethodNotSupportedByProtocolVersion:
    case SdkErrorCode.CapabilityNotSupported:
      return new ServerError(`${operation}: ${cause.message}`, { code: errorCode.methodNotFound, cause });
    case SdkErrorCode.NotConnected:
    case SdkErrorCode.ConnectionClosed:
    case SdkErrorCode.SendFailed:
      return new ConnectionLostError(`${operation}: ${cause.message}`, { cause });
    default:
      return new ServerError(`${operation}: ${cause.message}`, {
        code: errorCode.internalError,
        data: cause.data,
        cause,
      });
  }
}
