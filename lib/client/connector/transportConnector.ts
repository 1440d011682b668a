import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Observable, switchMap } from 'rxjs';
import type { Connection, ConnectionContext } from '../connection/connection';
import { type Connector, connectorChecks, type ConnectorOptions } from '../connection/connector';
import { failAfter } from '../connection/failAfter';
import { engineContext } from '../connection/engineContext';
import { toTypedError } from '../connection/toTypedError';
import { connectSdk } from '../../connection/connectSdk';
import { assertOptions, isFunction, hasMethods } from '../../util/options';

const assertTransport = hasMethods('a transport', 'start', 'send', 'close');

/**
 * A server behind any transport of the SDK.
 *
 * The transport is made by a function, which is called afresh for each attempt: no transport can be started twice. What it
 * throws or rejects with is a failed attempt.
 *
 * @example
 * new TransportConnector(() => new WebSocketClientTransport(new URL('ws://127.0.0.1:3000')));
 *
 * @throws `ConfigError` when it is no function, and when an option is not what it has to be.
 */
export class TransportConnector implements Connector {
  /** What it was told. */
  readonly options: ConnectorOptions;
  readonly #createTransport: () => Transport | Promise<Transport>;

  /** @param createTransport - makes a transport that is not started yet; called for each attempt. */
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
        throw toTypedError(cause, 'making the transport');
      }
    };
    const legacy$ = made$(createTransport).pipe(
      failAfter('making the transport', options.connectTimeout, context.scheduler),
      switchMap((transport) => connectSdk(context, options, () => ({ transport }))),
    );
    return options.engine?.({ kind: 'transport', options, context, createTransport, legacy$ }) ?? legacy$;
  }
}

/** A transport that is made when it is subscribed to; one that comes too late for that may hold something, and is closed. */
function made$(createTransport: () => Promise<Transport>): Observable<Transport> {
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
