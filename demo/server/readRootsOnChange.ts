import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { ProtocolServer } from './protocolServer';

/** Requests the roots whenever the client announces a change, and sends them back as `custom/roots-read`. */
export function readRootsOnChange(server: ProtocolServer): void {
  server.setNotificationHandler(RootsListChangedNotificationSchema, async () => {
    const { roots } = await server.listRoots();
    await server.notification({ method: 'custom/roots-read', params: { roots } });
  });
}
