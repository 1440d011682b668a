import { type Observable, Subject } from 'rxjs';
import type { Connection, ConnectionContext } from '../connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions } from '../connection/connector';
import { engineContext } from '../connection/engineContext';
import { connectLegacy } from '../wire/connectLegacy';
import { type TransportWire, transportWire } from '../wire/transportWire';
import { ConnectionLostError } from '../../errors';
import { assertObject, assertOptions } from '../../util/options';
import { ChildTransport } from './childTransport';
import { type StdioServer, stdioServerChecks } from './stdioServer';

/**
 * Spawns a server for each connection and communicates over its standard input and output. Closing the connection ends the
 * process.
 *
 * @example
 * const connector = new StdioConnector({ command: 'mcp-server-filesystem', args: ['/tmp'], stderr: 'pipe' });
 * connector.stderr$.subscribe((text) => process.stderr.write(text));
 * const session = new MCPSession(connector);
 *
 * @throws `ConfigError` if the command is missing or an option is invalid.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
export class StdioConnector implements Connector {
  /** The server to spawn. */
  readonly server: StdioServer;
  /** The options this connector was created with. */
  readonly options: ConnectorOptions;
  /** Standard error of every process, in chunks. Hot. Emits only with `stderr: 'pipe'`. */
  readonly stderr$: Observable<string>;
  readonly #stderr$ = new Subject<string>();

  /** Does not spawn a process until {@link connect} is subscribed to. */
  constructor(server: StdioServer, options: ConnectorOptions = {}) {
    assertObject(server, 'server');
    // First, so that a misspelled `command` is named.
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
