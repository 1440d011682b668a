import { ConnectionLostError, SessionClosedError, SessionExpiredError } from '../errors';

/** Whether an error only says that there is no connection, which the session tells by itself. */
export function isOutage(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError || error instanceof SessionExpiredError || error instanceof SessionClosedError
  );
}
