import { type Observable, Subject } from 'rxjs';
import type { Connection, ConnectionContext } from '../connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions } from '../connection/connector';
import { engineContext } from '../connection/engineContext';
import { connectSdk } from '../../connection/connectSdk';
import { ConnectionLostError } from '../../errors';
import { assertObject, assertOptions } from '../../util/options';
import { ChildTransport } from './childTransport';
import { type StdioServer, stdioServerChecks } from './stdioServer';

/**
 * A server that is a program: started for each connection, spoken to over its standard input and output, ended with it.
 *
 * @example
 * const connector = new StdioConnector({ command: 'mcp-server-filesystem', args: ['/tmp'], stderr: 'pipe' });
 * connector.stderr$.subscribe((text) => process.stderr.write(text));
 * const session = new MCPSession(connector);
 *
 * @throws `ConfigError` when there is no command, and when an option is not what it has to be.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
export class StdioConnector implements Connector {
  /** How the program is started. */
  readonly server: StdioServer;
  /** What else it was told. */
  readonly options: ConnectorOptions;
  /** Hot; what the process writes to its standard error, piece by piece, of every process. Silent unless `stderr: 'pipe'`. */
  readonly stderr$: Observable<string>;
  readonly #stderr$ = new Subject<string>();

  /** Starts nothing yet: that is for {@link connect}. */
  constructor(server: StdioServer, options: ConnectorOptions = {}) {
    assertObject(server, 'server');
    stdioServerChecks['command']?.(server.command, 'command');
    assertOptions(server, stdioServerChecks);
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
        onExit: (how) => {
          lost(new ConnectionLostError(`the process ended ${how}`));
        },
        scheduler: context.scheduler,
      });
    const legacy$ = connectSdk(context, options, ({ fail }) => ({ transport: createTransport(fail) }));
    return options.engine?.({ kind: 'transport', options, context, createTransport, legacy$ }) ?? legacy$;
  }
}
