import {
  ConnectionFailedError,
  ConnectionLostError,
  ServerError,
  SessionClosedError,
  SessionExpiredError,
  UnauthorizedError,
} from '../errors';

/** The exit codes of `rx-mcp`. Codes up to 5 are the same as those of the MCP Inspector. */
export const exitCodes = {
  ok: 0,
  /** A usage error, or a failure without a more specific code. */
  failure: 1,
  unauthorized: 3,
  unreachable: 4,
  toolError: 5,
  gap: 6,
  notSeen: 7,
  /** Interrupted with Ctrl-C. Shells use the same code. */
  interrupted: 130,
} as const;

/** Returns the exit code for an error of a session. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UnauthorizedError) return exitCodes.unauthorized;
  if (error instanceof SessionClosedError && error.cause !== undefined) return exitCodeOf(error.cause);
  const isUnreachable =
    error instanceof ConnectionFailedError ||
    error instanceof ConnectionLostError ||
    error instanceof SessionExpiredError;
  return isUnreachable ? exitCodes.unreachable : exitCodes.failure;
}

/** Returns the exit code for an error of a tool call. */
export function exitCodeOfCall(error: unknown): number {
  return error instanceof ServerError ? exitCodes.toolError : exitCodeOf(error);
}
