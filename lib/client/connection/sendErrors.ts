import { ConnectionLostError, MCPError, SessionExpiredError, UnauthorizedError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';

/** Errors of requests that never reached the server, because the connection was refused. Such requests are safe to resend. */
export const neverSent = new WeakSet<Error>();

/** Returns the typed error of a message that could not be sent on an open connection. */
export function sendError(cause: unknown): MCPError {
  if (cause instanceof MCPError) return cause;
  const { message, code, shown } = reasonOf(cause);
  const error = new ConnectionLostError(`sending: ${message}`, { cause: shown });
  if (isUnreachable(code, message)) neverSent.add(error);
  return error;
}

/** Whether the error of a single message makes the whole connection unusable. */
export function endsConnection(error: unknown): boolean {
  return error instanceof SessionExpiredError || (error instanceof UnauthorizedError && error.status === undefined);
}

/** Runs `action` after the handlers of a promise that is being rejected now. */
export function afterRejectionSettles(action: () => void): void {
  queueMicrotask(() => {
    queueMicrotask(action);
  });
}

/** The error codes of connections that were never established, so that no data was sent. `ConnectionRefused` is Bun's code. */
const unreachable = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ConnectionRefused',
]);

/**
 * Whether an error indicates that a connection was never established. Deno's errors have no code, so their message is
 * matched.
 */
function isUnreachable(code: unknown, message: string): boolean {
  return unreachable.has(code) || /client error \(connect\)|connection refused|dns error/i.test(message);
}
