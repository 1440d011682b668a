import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ClientCapabilities, Notification } from '@modelcontextprotocol/sdk/types.js';
import { firstValueFrom, type Observable, ReplaySubject, take, toArray } from 'rxjs';
import { quickSdk } from './quick';

/** The SDK's own client without this library, and its observations. */
export interface PlainClient {
  readonly client: Client;
  /** All notifications since the connection was opened, except progress. */
  readonly received$: Observable<Notification>;
  /** Resolves with the first notifications, once that many have arrived. */
  receive(count: number): Promise<Notification[]>;
  /** All errors that the client reported. */
  readonly errors$: Observable<Error>;
  /** Emits and completes when the client has detected that its connection is closed. */
  readonly closed$: Observable<void>;
}

/** Connects the SDK's own client over a transport. */
export async function connectPlainClient(
  transport: Transport,
  capabilities: ClientCapabilities = { sampling: {} },
): Promise<PlainClient> {
  const client = new Client({ name: 'plain', version: '1.0.0' }, { capabilities });
  const received$ = new ReplaySubject<Notification>(Infinity);
  const errors$ = new ReplaySubject<Error>(Infinity);
  const closed$ = new ReplaySubject<void>(1);
  client.fallbackNotificationHandler = async ({ method, params }) => received$.next({ method, params });
  client.onerror = (error) => errors$.next(error);
  client.onclose = () => {
    closed$.next();
    closed$.complete();
  };
  await client.connect(transport);
  return { client, received$, errors$, closed$, receive: (n) => firstValueFrom(received$.pipe(take(n), toArray())) };
}

/** Connects the SDK's own client to a URL. It reopens its stream immediately, so that specs do not wait. */
export const connectOverHttp = (url: string, capabilities?: ClientCapabilities): Promise<PlainClient> =>
  connectPlainClient(new StreamableHTTPClientTransport(new URL(url), { reconnectionOptions: quickSdk }), capabilities);
