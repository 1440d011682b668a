import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { ClientCapabilities, MCPSession } from 'rx-mcp';
import { track, type Tracked } from '../../rig/track';

/** An SDK client over a session, and the notifications that it has received. */
export interface Guest extends Pick<Tracked<unknown>, 'until'> {
  client: Client;
  methods: string[];
  errors: Error[];
  /** Returns how often `onclose` was called. */
  closed(): number;
}

/** Connects an SDK client over a transport of the session. */
export async function openGuest(session: MCPSession, capabilities: ClientCapabilities = {}): Promise<Guest> {
  const guest = createGuest(capabilities);
  await guest.client.connect(session.transport());
  return guest;
}

/** Creates an SDK client that is not connected. */
export function createGuest(capabilities: ClientCapabilities = {}): Guest {
  const client = new Client({ name: 'guest', version: '1.0.0' }, { capabilities });
  const methods: string[] = [];
  const errors: Error[] = [];
  let closed = 0;
  const { note, until } = track(methods);
  client.fallbackNotificationHandler = async ({ method }) => note(() => methods.push(method));
  client.onerror = (error) => note(() => errors.push(error));
  client.onclose = () => note(() => closed++);
  return { client, methods, errors, closed: () => closed, until };
}
