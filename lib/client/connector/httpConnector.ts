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

/** Options for {@link HttpConnector}. */
export interface HttpConnectorOptions extends HttpOptions, ConnectorOptions {}

/** Statuses with which a server of the HTTP+SSE transport may answer the first POST of Streamable HTTP. */
const fallbackStatuses = new Set<unknown>([400, 404, 405]);

/**
 * Connects to a server at a URL over Streamable HTTP. Falls back to HTTP+SSE for servers that support only that.
 *
 * @example
 * const connector = new HttpConnector('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } });
 * const session = new MCPSession(connector);
 *
 * @throws {@link ConfigError} if the URL is invalid, not `http:` or `https:`, or contains credentials, or if a header or another
 * option is invalid. The message never contains secrets.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export class HttpConnector implements Connector {
  /** The server's URL. */
  readonly url: URL;
  /** The options this connector was created with. Read for each attempt, unless an option says otherwise. */
  readonly options: HttpConnectorOptions;

  /** Sends nothing until {@link connect} is subscribed to. */
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
        if (!(error instanceof ConnectionFailedError && fallbackStatuses.has(error.status))) throw error;
        // If the fallback fails as well, the first error describes the server best.
        return over$(sseLink).pipe(catchBeforeFirst(() => throwError(() => error)));
      }),
    );
    return options.engine?.({ kind: 'http', url, options, context, legacy$ }) ?? legacy$;
  }
}
