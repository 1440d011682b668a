import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ClientCapabilities, Notification } from '@modelcontextprotocol/sdk/types.js';
import { firstValueFrom, ReplaySubject, take, toArray } from 'rxjs';
import type { PlainClient } from './plainClient';

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
