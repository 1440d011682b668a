import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { ProtocolServer } from './protocolServer';

/** Each time the client says that its roots changed, asks for them and tells what it read as `custom/roots-read`. */
export function readRootsOnChange(server: ProtocolServer): void {
  server.setNotificationHandler(RootsListChangedNotificationSchema, async () => {
    const { roots } = await server.listRoots();
    await server.notification({ method: 'custom/roots-read', params: { roots } });
  });
}
