import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Notification } from '@modelcontextprotocol/sdk/types.js';
import type { Observable } from 'rxjs';

/** The SDK's own client, with nothing of this library in it, and what it saw. */
export interface PlainClient {
  readonly client: Client;
  /** Every notification since the connection was opened, but for progress. */
  readonly received$: Observable<Notification>;
  /** The first so many of them, as soon as they have come. */
  receive(count: number): Promise<Notification[]>;
  /** Every error that the client reported by itself. */
  readonly errors$: Observable<Error>;
  /** Emits and completes when the client has noticed that its connection is closed. */
  readonly closed$: Observable<void>;
}
