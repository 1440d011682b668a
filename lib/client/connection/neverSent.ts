/** Errors of requests that never reached the server, because the connection was refused. Such requests are safe to resend. */
export const neverSent = new WeakSet<Error>();

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
export function isUnreachable(code: unknown, message: string): boolean {
  return unreachable.has(code) || /client error \(connect\)|connection refused|dns error/i.test(message);
}
