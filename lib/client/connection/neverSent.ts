/** Errors of requests that never reached the server, because the connection was refused. Such requests are safe to resend. */
export const neverSent = new WeakSet<Error>();

/** The codes of connections that were never made, so that nothing was sent on them; `ConnectionRefused` is Bun's. */
const unreachable = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ConnectionRefused',
]);

/** Whether a connection was never made. Deno's errors have no code, only words. */
export function isUnreachable(code: unknown, message: string): boolean {
  return unreachable.has(code) || /client error \(connect\)|connection refused|dns error/i.test(message);
}
