import {
  ConnectionLostError,
  MCPError,
  RequestTimeoutError,
  ServerError,
  SessionClosedError,
  UnauthorizedError,
} from '../../errors';
import { errorCode } from '../../protocol/errorCodes';
import type { Notification, ServerCapabilities } from '../../protocol/types';
import type { Connection } from '../connection/connection';

/** The error code that the SDK uses for a timeout. */
const timeoutCode = -32001;

/**
 * Returns the `initialize` result for a client, from the handshake of the session. The protocol version is the older
 * one of the session's and the client's, because clients read messages of newer versions as well.
 */
export function initializeResult(connection: Connection, requestedVersion: unknown): Record<string, unknown> {
  const { protocolVersion, capabilities, serverInfo, instructions } = connection;
  const isOlder = typeof requestedVersion === 'string' && requestedVersion < protocolVersion;
  return {
    protocolVersion: isOlder ? requestedVersion : protocolVersion,
    capabilities,
    serverInfo,
    ...(instructions !== undefined && { instructions }),
  };
}

/** Returns the JSON-RPC error for a failed request of a client. `data.name` is the name of the typed error. */
export function errorAnswer(error: unknown): { code: number; message: string; data?: unknown } {
  if (error instanceof ServerError) {
    return { code: error.code, message: error.message, ...(error.data !== undefined && { data: error.data }) };
  }
  const data = error instanceof MCPError ? { name: error.name, retryable: error.retryable } : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { code: codeOf(error), message, ...(data && { data }) };
}

function codeOf(error: unknown): number {
  if (error instanceof RequestTimeoutError) return timeoutCode;
  const isGone = [ConnectionLostError, SessionClosedError, UnauthorizedError].some((kind) => error instanceof kind);
  return isGone ? errorCode.connectionClosed : errorCode.internalError;
}

/** Returns the notifications that make a client refetch the lists and resources that may have changed during a gap. */
export function changesAfterGap(capabilities: ServerCapabilities, uris: Iterable<string>): Notification[] {
  const { tools, prompts, resources } = capabilities;
  const lists = Object.entries({ tools, prompts, resources }).filter(([, capability]) => capability?.listChanged);
  return [
    ...lists.map(([list]) => ({ method: `notifications/${list}/list_changed` })),
    ...[...uris].map((uri) => ({ method: 'notifications/resources/updated', params: { uri } })),
  ];
}
