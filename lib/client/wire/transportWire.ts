import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { catchError, defer, firstValueFrom, ignoreElements, Observable, type Subscriber } from 'rxjs';
import { ConnectionLostError, type MCPError } from '../../errors';
import type { JSONRPCMessage } from '../../protocol/types';
import { toTransportError } from '../connection/toTransportError';
import type { Wire } from './wire';

/** A {@link Wire} that can be ended with an error, for a reason that the transport cannot detect. */
export interface TransportWire extends Wire {
  fail(error: Error): void;
}

/**
 * Creates a wire over any SDK transport, including a child process.
 *
 * @param report - called with errors of the transport that do not end the connection.
 */
export function transportWire(transport: Transport, report: (error: MCPError) => void): TransportWire {
  let subscriber: Subscriber<unknown> | undefined;

  function fail(error: Error): void {
    subscriber?.error(error);
  }

  return {
    messages$: new Observable((received) => {
      subscriber = received;
      transport.onmessage = (message: unknown) => {
        received.next(message);
      };
      transport.onerror = (cause) => {
        if (!received.closed) report(toTransportError(cause, 'transport'));
      };
      transport.onclose = () => {
        fail(new ConnectionLostError('connection: the transport closed'));
      };
    }),
    open: () =>
      firstValueFrom(
        completion('starting the transport', () => transport.start()),
        { defaultValue: undefined },
      ),
    send: (message: JSONRPCMessage) => completion('sending', () => transport.send(message)),
    setProtocolVersion(version) {
      transport.setProtocolVersion?.(version);
      return Promise.resolve();
    },
    // Without a session id, the session cannot end before the transport does.
    mayExpire: () => transport.sessionId !== undefined,
    close: () => transport.close().catch(() => undefined),
    fail,
  };
}

/** Runs an action on subscription, and completes when its promise resolves. Errors with a typed error. Cold. */
function completion(operation: string, action: () => Promise<void>): Observable<never> {
  return defer(action).pipe(
    ignoreElements(),
    catchError((cause: unknown) => {
      throw toTransportError(cause, operation);
    }),
  );
}
