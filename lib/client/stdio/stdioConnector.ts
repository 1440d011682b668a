import { type Observable, Subject } from 'rxjs';
import type { Connection, ConnectionContext } from '../connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions } from '../connection/connector';
import { engineContext } from '../connection/engineContext';
import { connectLegacy } from '../wire/connectLegacy';
import { type TransportWire, transportWire } from '../wire/transportWire';
import { ConfigError, ConnectionLostError } from '../../errors';
import { assertObject, assertOptions } from '../../util/options';
import { ChildTransport } from './childTransport';
import { type StdioServer, stdioServerChecks } from './stdioServer';

/**
 * Connects to a server that runs as a child process, over its standard input and output. Spawns a process for each
 * connection, and ends the process when the connection is closed.
 *
 * @example
 * const connector = new StdioConnector({ command: 'mcp-server-filesystem', args: ['/tmp'], stderr: 'pipe' });
 * connector.stderr$.subscribe((text) => process.stderr.write(text));
 * const session = new MCPSession(connector);
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
export class StdioConnector implements Connector {
  /** The command, arguments and environment of the process. */
  readonly server: StdioServer;
  /** The options this connector was created with. */
  readonly options: ConnectorOptions;
  /**
   * The standard error of all processes, as chunks of text. Emits only if `stderr` is `'pipe'`. Hot. Never completes;
   * never errors.
   */
  readonly stderr$: Observable<string>;
  readonly #stderr$ = new Subject<string>();

  /**
   * Creates a connector without spawning a process. Subscribe to {@link connect}, or pass the connector to an
   * `MCPSession`, to connect.
   *
   * @param server - the command, arguments and environment of the process.
   * @param options - reconnecting, timeouts and roots. Default: `{}`.
   * @throws `ConfigError` if the command is missing or an option is invalid.
   */
  constructor(server: StdioServer, options: ConnectorOptions = {}) {
    assertObject(server, 'server');
    assertNoConnectorOption(server);
    // Checked first, so that the error mentions a misspelled `command`.
    assertOptions(server, stdioServerChecks);
    stdioServerChecks['command']?.(server.command, 'command');
    assertOptions(options, connectorChecks);
    this.server = server;
    this.options = options;
    this.stderr$ = this.#stderr$.asObservable();
  }

  connect(given?: ConnectionContext): Observable<Connection> {
    const context = engineContext(given, this.options.roots);
    const { server, options } = this;
    const createTransport = (lost: (error: Error) => void): ChildTransport =>
      new ChildTransport(server, {
        onStderr: (text) => {
          this.#stderr$.next(text);
        },
        onExit: (reason) => {
          lost(new ConnectionLostError(`connection: the process exited ${reason}`));
        },
        scheduler: context.scheduler,
      });
    const legacy$ = connectLegacy(context, options, () => {
      const lost = (error: Error): void => {
        wire.fail(error);
      };
      const wire: TransportWire = transportWire(createTransport(lost), context.hub.report);
      return wire;
    });
    return options.engine?.({ kind: 'transport', options, context, createTransport, legacy$ }) ?? legacy$;
  }
}

/** Checks that the options of the connector were not passed with those of the server. */
function assertNoConnectorOption(server: object): void {
  const name = Object.keys(connectorChecks).find((option) => Reflect.get(server, option) !== undefined);
  if (name === undefined) return;
  const message = `${name}: unknown option of a server program; pass it in the second argument of StdioConnector`;
  throw new ConfigError(message, { path: name });
}
