import type { JSONRPCMessage } from '../../protocol/types';
import type { EngineContext } from './connection';

/**
 * A JSON-RPC message that was sent or received, unmodified, or a change of a connection:
 *
 * - `open`: the connection was initialized.
 * - `lost`: the connection was lost, and `error` is the reason. The reconnect policy decides whether another one
 *   follows.
 * - `closed`: this client closed the connection.
 */
export type WireEvent = {
  /** The time of the event, by the session's scheduler, in milliseconds since the Unix epoch. */
  at: number;
  /** The number of the connection attempt within the session, from 1. */
  connection: number;
} & ({ dir: 'in' | 'out'; message: JSONRPCMessage } | { event: 'open' | 'lost' | 'closed'; error?: Error });

/** A receiver of wire events, for example a `Subject`. Events are created only while `observed` is `true`. */
export interface WireObserver {
  readonly observed: boolean;
  next(event: WireEvent): void;
}

/** Emits the wire events of one connection. */
export class WireLog {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  message(dir: 'in' | 'out', message: JSONRPCMessage): void {
    const { wire$ } = this.#context;
    if (wire$?.observed) wire$.next({ ...this.#stamp(), dir, message });
  }

  event(event: 'open' | 'lost' | 'closed', error?: Error): void {
    const { wire$ } = this.#context;
    if (wire$?.observed) wire$.next({ ...this.#stamp(), event, ...(error && { error }) });
  }

  #stamp(): Pick<WireEvent, 'at' | 'connection'> {
    const { connection = 1, scheduler } = this.#context;
    return { at: scheduler.now(), connection };
  }
}
