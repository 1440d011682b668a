import { ConnectionFailedError, type MCPError, SessionExpiredError, UnauthorizedError } from '../../errors';

/** The maximum length of the excerpt of a response body in an error message, in characters. */
const maxExcerptLength = 200;

/** The request that failed. */
interface HttpErrorContext {
  /** The operation, as a prefix for the message. */
  operation: string;
  /**
   * Whether the session counts as expired: the request had a session id, and the server is not known to recognize it.
   */
  isExpired: boolean;
  /** Whether a session id was received. Browsers hide it unless the server's CORS headers expose it. */
  hasSession: boolean;
  /**
   * Whether an `authProvider` obtained the credentials. If they are rejected, the user must then authorize again.
   * Default `false`.
   */
  usesProvider?: boolean;
}

/** Creates the typed error for an unsuccessful HTTP response. */
export function httpError(
  response: Response,
  text: string,
  { operation, isExpired, hasSession, usesProvider = false }: HttpErrorContext,
): MCPError {
  const { status, statusText } = response;
  const detail = text.slice(0, maxExcerptLength).trim() || statusText;
  const message = `${operation}: HTTP ${String(status)}${detail && `: ${detail}`}`;
  if (isExpired) return new SessionExpiredError(message);
  const isAddressRejected = status === 403 && rejectedAddress.test(text);
  if (status === 401 || (status === 403 && !isAddressRejected))
    return new UnauthorizedError(message, usesProvider ? {} : { status });
  const hint = isAddressRejected
    ? ' (the server accepts only certain host names; use one of them, or add this one to its `hosts` or `origins`)'
    : !hasSession && operation === 'notifications/initialized'
      ? ' (no Mcp-Session-Id in the response to initialize; in a browser, the server must list it in' +
        ' Access-Control-Expose-Headers)'
      : '';
  return new ConnectionFailedError(message + hint, { status, retryAfter: retryAfterOf(response) });
}

/** Returns the HTTP status that a request failed with. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ConnectionFailedError ? error.status : undefined;
}

/** Matches responses that reject the `Host` or `Origin` of a request. These are not about credentials. */
const rejectedAddress = /\b(?:invalid|missing) (?:host|origin)\b/i;

/** Returns the delay that a `Retry-After` header requests, as seconds or as a date, in milliseconds. */
function retryAfterOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = Number(value);
  const delay = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return delay > 0 ? delay : undefined;
}
