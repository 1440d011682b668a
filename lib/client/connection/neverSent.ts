/** Errors of requests that never reached the server, because the connection was refused. Such requests are safe to resend. */
export const neverSent = new WeakSet<Error>();
