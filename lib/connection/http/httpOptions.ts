import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Reconnect } from '../reconnectWaits';
import type { Watchdog } from '../../client/http/sse/watchdog';

/** How a server is reached over HTTP. */
export interface HttpOptions {
  /** Sent with every request, for example an `Authorization` of your own. Never shown in errors. Default: none. */
  headers?: HeadersInit;
  /**
   * The SDK's OAuth provider; asked for a token before each request, and to authorize when the server answers 401.
   * Default: none, and a 401 is an `UnauthorizedError`.
   */
  authProvider?: OAuthClientProvider;
  /** What makes the requests, for a proxy, a cookie jar or a test. Default: the platform's own. */
  fetch?: FetchLike;
  /** When a stream that dropped is opened again, and a lost connection made anew. Default: `backoff()`. */
  reconnect?: Reconnect;
  /**
   * How long the listening stream may be silent before it is taken for dead: milliseconds; `'auto'` (the default), learned
   * from the server's keep-alives; or `false`, for ever.
   */
  watchdog?: Watchdog;
}
