import { ConnectionFailedError, SessionExpiredError, UnauthorizedError } from '../../errors';

/** How much of what a server says is put into an error, in characters. */
const excerpt = 200;

/** What a request that was refused was. */
interface HttpErrorContext {
  /** In words. */
  doing: string;
  /** Whether it carried a session id, and that session is not known to be alive. */
  expired: boolean;
  /** Whether the server gave a session id at all; a browser does not show it when the server's CORS headers forget it. */
  hasSession: boolean;
}

/** The typed error for an HTTP response that is no good answer. */
export function httpError(response: Response, text: string, { doing, expired, hasSession }: HttpErrorContext): Error {
  const { status, statusText } = response;
  const said = text.slice(0, excerpt).trim() || statusText;
  const message = `${doing}: HTTP ${String(status)}${said && `: ${said}`}`;
  if (expired) return new SessionExpiredError(message);
  if (status === 401 || status === 403) return new UnauthorizedError(message);
  const hint =
    !hasSession && doing === 'notifications/initialized'
      ? ' (no Mcp-Session-Id was seen in the answer to initialize: if this is a browser, the server must list it in' +
        ' Access-Control-Expose-Headers)'
      : '';
  return new ConnectionFailedError(message + hint, { status, retryAfter: retryAfterOf(response) });
}

/** `Retry-After` in milliseconds: it is given as seconds or as a date. */
function retryAfterOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = Number(value);
  const delay = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return delay > 0 ? delay : undefined;
}

/** Whether a server says that what is asked for is elsewhere; a browser does not show where. */
export function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}
