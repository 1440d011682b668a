import type { ClientCapabilities, Implementation } from '../../protocol/types';

/** The version of the protocol that this engine speaks. */
export const protocolVersion = '2026-07-28';

/** The keys that the protocol keeps for itself in `_meta`. */
export const metaKeys = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  logLevel: 'io.modelcontextprotocol/logLevel',
} as const;

/** What each request of the modern era says of the client, in its `_meta`: there is no handshake that said it before. */
export function requestMeta(clientInfo: Implementation, capabilities: ClientCapabilities): Record<string, unknown> {
  return {
    [metaKeys.protocolVersion]: protocolVersion,
    [metaKeys.clientInfo]: clientInfo,
    [metaKeys.clientCapabilities]: capabilities,
  };
}
