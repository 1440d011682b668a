import { ConnectionLostError, MCPError, SessionExpiredError, UnauthorizedError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';

/**
 * The errors of requests that never reached the server, because no connection could be established. Such requests are
 * safe to resend.
 */
export const neverSent = new WeakSet<Error>();

/** Returns the typed error of a message that could not be sent on an open connection. */
export function sendError(cause: unknown): MCPError {
  if (cause instanceof MCPError) return cause;
  const { message, code, shown } = reasonOf(cause);
  const error = new ConnectionLostError(`sending: ${message}`, { cause: shown });
  if (isUnreachable(code, message)) neverSent.add(error);
  return error;
}

/** Whether the error of one message makes the connection unusable. */
export function endsConnection(error: unknown): boolean {
  return error instanceof SessionExpiredError || (error instanceof UnauthorizedError && error.status === undefined);
}

/** Runs `action` after the handlers of a promise that is being rejected have run. */
export function afterRejectionSettles(action: () => void): void {
  queueMicrotask(() => {
    queueMicrotask(action);
  });
}

/** The error codes for connections that were never established. `ConnectionRefused` is a code of Bun. */
const unreachable = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ConnectionRefused',
]);

/**
 * Whether an error means that a connection was never established. Checks the message as well, because errors of Deno
 * have no code.
 */
function isUnreachable(code: unknown, message: string): boolean {
  return unreachable.has(code) || /client error \(connect\)|connection refused|dns error/i.test(message);
}
