import { defer, type Observable, switchMap, throwError } from 'rxjs';
import { ConfigError } from '../../errors';
import { assertOptions } from '../../util/options';
import type { Connection, ConnectionContext } from '../connection/connection';
import type { Connector, ConnectorOptions, HttpOptions } from '../connection/connector';
import { engineContext } from '../connection/engineContext';
import { hasStatus } from '../connection/hasStatus';
import { onDemand } from '../connection/onDemand';
import { connectLegacy, type Fallback } from '../wire/connectLegacy';
import type { ServerMemory } from '../wire/http/streamSupport';
import { StreamableHttp } from '../wire/http/streamableHttp';
import { httpChecks, urlProblem } from './httpConnectorChecks';

/** Options for {@link HttpConnector}. */
export interface HttpConnectorOptions extends HttpOptions, ConnectorOptions {}

/**
 * The HTTP statuses of a server that does not support a transport, in response to its first request. 200, for example,
 * is the status of a web page.
 */
const otherTransport = new Set([200, 400, 404, 405]);

/** Loaded on demand, because most servers support Streamable HTTP. */
const loadedSse$ = onDemand('HTTP+SSE', () => import('../onDemand/rareFeatures'));

/**
 * Connects to a server over Streamable HTTP. Falls back to HTTP+SSE if the server supports only that transport.
 *
 * @example
 * const connector = new HttpConnector('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } });
 * const session = new MCPSession(connector);
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export class HttpConnector implements Connector {
  /** The server's URL. */
  readonly url: URL;
  /**
   * The options this connector was created with. Read for each attempt, unless the description of an option says
   * otherwise.
   */
  readonly options: HttpConnectorOptions;

  /** State that is kept between attempts, so that a reconnection starts with the transport that worked. */
  readonly #memory: ServerMemory = { shortStreams: 0 };

  /**
   * Creates a connector. Subscribe to {@link connect}, or pass the connector to an `MCPSession`, to connect.
   *
   * @param url - the URL of the server's MCP endpoint.
   * @param options - headers, authorization, reconnecting and timeouts. Default: `{}`.
   * @throws {@link ConfigError} if the URL is not valid, not `http:` or `https:`, or contains credentials, or if a
   *   header or another option is invalid. The message never contains secrets.
   */
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
    const memory = this.#memory;
    const streamable$ = (fallback$?: Fallback): Observable<Connection> =>
      connectLegacy(context, options, (owner) => new StreamableHttp(url, options, context, memory, owner), fallback$);
    const sse$ = (fallback$?: Fallback): Observable<Connection> =>
      loadedSse$.pipe(
        switchMap(({ httpWithSse }) =>
          connectLegacy(context, options, () => httpWithSse(url, options, context, memory), fallback$),
        ),
      );
    const legacy$ = defer(() => {
      const { lastTransport } = memory;
      // A transport that has worked is retried instead of replaced: during a deploy, a proxy may respond like a server
      // that does not support it.
      if (lastTransport === 'streamable') return streamable$();
      const lacksTransport = (error: unknown): boolean =>
        isOtherTransport(error) && memory.lastTransport === lastTransport;
      const [first$, second$] = lastTransport === 'sse' ? [sse$, streamable$] : [streamable$, sse$];
      return first$((error) => {
        if (!lacksTransport(error)) return undefined;
        // If the server supports neither transport, the first error describes the problem best.
        return second$((other) => (lacksTransport(other) ? throwError(() => error) : undefined));
      });
    });
    return options.engine?.({ kind: 'http', url, options, context, legacy$ }) ?? legacy$;
  }
}

/** Whether an error is the typical response of a server that supports only the other transport. */
function isOtherTransport(error: unknown): boolean {
  return hasStatus(error) && otherTransport.has(error.status);
}
