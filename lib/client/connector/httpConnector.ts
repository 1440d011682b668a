import { type Observable, throwError } from 'rxjs';
import { connectSdk } from '../../connection/connectSdk';
import { httpLink } from '../../connection/http/httpLink';
import { sseLink } from '../../connection/http/sseLink';
import { ConfigError, ConnectionFailedError } from '../../errors';
import { catchBeforeFirst } from '../../operator/catchBeforeFirst';
import { assertOptions } from '../../util/options';
import type { Connection, ConnectionContext } from '../connection/connection';
import type { Connector, ConnectorOptions, HttpOptions } from '../connection/connector';
import { engineContext } from '../connection/engineContext';
import { httpChecks, urlProblem } from './httpConnectorChecks';

/** What an {@link HttpConnector} can be told. */
export interface HttpConnectorOptions extends HttpOptions, ConnectorOptions {}

/** How a server that has only the older transport answers to the first message of the newer one. */
const olderTransport = new Set<unknown>([400, 404, 405]);

/**
 * A server at a URL: Streamable HTTP, or HTTP with SSE where the server has only that.
 *
 * @example
 * const connector = new HttpConnector('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } });
 * const session = new MCPSession(connector);
 *
 * @throws {@link ConfigError} when the URL is none, not of `http:` or `https:`, or has a user or a password in it, and when a
 * header or another option is not what it has to be. The error does not show what may be a secret.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export class HttpConnector implements Connector {
  /** Where the server is. */
  readonly url: URL;
  /** What it was told. Read for each attempt, or as the option says. */
  readonly options: HttpConnectorOptions;

  /** Sends nothing yet: that is for {@link connect}. */
  constructor(url: string | URL, options: HttpConnectorOptions = {}) {
    const problem = urlProblem(url);
    if (problem) throw new ConfigError(`url: ${problem}`, { path: 'url' });
    assertOptions(options, httpChecks);
    this.url = new URL(url);
    this.options = options;
  }

  connect(given?: ConnectionContext): Observable<Connection> {
    const context = engineContext(given, this.options.roots);
    const { url, options } = this;
    const over$ = (link: typeof httpLink): Observable<Connection> =>
      connectSdk(context, options, (carrier) => link(url, options, context, carrier));
    const legacy$ = over$(httpLink).pipe(
      catchBeforeFirst((error) => {
        if (!(error instanceof ConnectionFailedError && olderTransport.has(error.status))) throw error;
        // A server that has neither is best described by what it answered first.
        return over$(sseLink).pipe(catchBeforeFirst(() => throwError(() => error)));
      }),
    );
    return options.engine?.({ kind: 'http', url, options, context, legacy$ }) ?? legacy$;
  }
}
