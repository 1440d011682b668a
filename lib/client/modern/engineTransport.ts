import type { Transport } from '@modelcontextprotocol/client';
import type { Subscription } from 'rxjs';
import type { StreamHealth } from '../http/sse/streamWatchdog';
import type { RequestId } from '../../protocol/types';

/** The operations that a transport may perform on its connection. */
export interface ConnectionControl {
  /** Receives a message that was read outside of the transport. Accepts any parsed JSON. */
  receive(value: unknown): void;
  /** Fails a pending request on the server's behalf. */
  refuse(id: RequestId, error: Error): void;
  /** Ends the connection with an error. */
  fail(error: Error): void;
  /** Unsubscribed from when the connection ends. */
  running: Subscription;
}

/** A transport with its callbacks. */
export interface EngineTransport {
  transport: Transport;
  /** Receives errors of the transport. Default: emits them on `errors$`. */
  onerror?(error: Error): void;
  /** Called when a request is cancelled. */
  abandoned?(id: RequestId): void;
  /** The health of the subscription's stream, if the transport observes it. */
  health?: StreamHealth;
}
