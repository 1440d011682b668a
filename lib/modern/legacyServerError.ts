import { ConnectionFailedError } from '../errors';

/** The server is there, but does not speak this version of the protocol. An older one may do. */
export class LegacyServerError extends ConnectionFailedError {
  constructor(message: string, cause?: unknown) {
    super(`the server does not speak protocol 2026-07-28: ${message}`, { cause, retryable: false });
  }
}
