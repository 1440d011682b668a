import type { JSONRPCMessage } from '../../protocol/types';
import type { EngineContext } from './connection';

/**
 * What passes over the connections of a session: each JSON-RPC message, in wire order, as it was sent or received, and how
 * connections begin and end. `lost` is followed by another connection where the policy makes one; `closed` is the end that
 * this side asked for.
 */
export type WireEvent = {
  /** When it happened, in milliseconds since the epoch, by the session's scheduler. */
  at: number;
  /** The attempt to connect that it belongs to, counted from 1 in the life of a session. */
  connection: number;
} & ({ dir: 'in' | 'out'; message: JSONRPCMessage } | { event: 'open' | 'lost' | 'closed'; error?: Error });

/** Receives wire events; a `Subject` is one. Nothing is built for it while `observed` is false. */
export interface WireObserver {
  readonly observed: boolean;
  next(event: WireEvent): void;
}

/** Emits the wire events of one connection. */
export interface WireLog {
  message(dir: 'in' | 'out', message: JSONRPCMessage): void;
  event(event: 'open' | 'lost' | 'closed', error?: Error): void;
}

/** Creates the {@link WireLog} of the connection that a context is for. */
export function createWireLog({ wire$, connection = 1, scheduler }: EngineContext): WireLog {
  return {
    message(dir, message) {
      if (wire$?.observed) wire$.next({ at: scheduler.now(), connection, dir, message });
    },
    event(event, error) {
      if (wire$?.observed) wire$.next({ at: scheduler.now(), connection, event, ...(error && { error }) });
    },
  };
}
