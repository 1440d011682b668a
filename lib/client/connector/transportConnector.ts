import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Observable, switchMap } from 'rxjs';
import type { Connection, ConnectionContext } from '../connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions } from '../connection/connector';
import { failAfter } from '../connection/limits';
import { engineContext } from '../connection/engineContext';
import { toTransportError } from '../connection/toTransportError';
import { connectLegacy } from '../wire/connectLegacy';
import { transportWire } from '../wire/transportWire';
import { assertOptions, isFunction, hasMethods } from '../../util/options';

const assertTransport = hasMethods('a transport', 'start', 'send', 'close');

/**
 * Connects to a server over any SDK `Transport`.
 *
 * Takes a function that creates the transport instead of a transport, because a transport cannot be started twice. The
 * function is called for each attempt. If it throws or rejects, the attempt fails.
 *
 * @example
 * new TransportConnector(() => new WebSocketClientTransport(new URL('ws://127.0.0.1:3000')));
 */
export class TransportConnector implements Connector {
  /** The options this connector was created with. */
  readonly options: ConnectorOptions;
  readonly #createTransport: () => Transport | Promise<Transport>;

  /**
   * @param createTransport - returns a new transport that has not been started. Called for each attempt.
   * @param options - reconnecting, timeouts and roots. Default: `{}`.
   * @throws `ConfigError` if `createTransport` is not a function or an option is invalid.
   */
  constructor(createTransport: () => Transport | Promise<Transport>, options: ConnectorOptions = {}) {
    isFunction(createTransport, 'createTransport');
    assertOptions(options, connectorChecks);
    this.#createTransport = createTransport;
    this.options = options;
  }

  connect(given?: ConnectionContext): Observable<Connection> {
    const context = engineContext(given, this.options.roots);
    const { options } = this;
    const createTransport = async (): Promise<Transport> => {
      try {
        const transport = await this.#createTransport();
        assertTransport(transport, 'createTransport()');
        return transport;
      } catch (cause) {
        throw toTransportError(cause, 'creating the transport');
      }
    };
    const legacy$ = create$(createTransport).pipe(
      failAfter('creating the transport', options.connectTimeout, context.scheduler),
      switchMap((transport) => connectLegacy(context, options, () => transportWire(transport, context.hub.report))),
    );
    return options.engine?.({ kind: 'transport', options, context, createTransport, legacy$ }) ?? legacy$;
  }
}

/** Creates a transport on subscription. If the subscriber has unsubscribed in the meantime, closes the transport. */
function create$(createTransport: () => Promise<Transport>): Observable<Transport> {
  return new Observable((subscriber) => {
    createTransport().then(
      (transport) => {
        if (subscriber.closed) void transport.close().catch(() => undefined);
        subscriber.next(transport);
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
  });
}
