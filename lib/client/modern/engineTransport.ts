import type { Transport } from '@modelcontextprotocol/client';
import type { Subscription } from 'rxjs';
import type { StreamHealth } from '../http/sse/watchdog';
import type { RequestId } from '../../protocol/types';

/** What a channel may do to the connection that it carries. */
export interface ConnectionControl {
  /** Takes a message that was read beside the transport: any parsed JSON. */
  receive(value: unknown): void;
  /** Answers an open request in the server's place, with an error. */
  refuse(id: RequestId, error: Error): void;
  /** Ends the connection with an error. */
  fail(error: Error): void;
  /** What is to end with the connection. */
  running: Subscription;
}

/** A transport, with what it needs around it to carry a connection of the modern era. */
export interface EngineTransport {
  transport: Transport;
  /** Takes the faults that the transport tells of; without it they go to `errors$`. */
  onerror?(error: Error): void;
  /** Nobody waits for the answer to this request any more. */
  abandoned?(id: RequestId): void;
  /** When subscriptions were last surely heard, where that is known better than by what they say. */
  health?: StreamHealth;
}
