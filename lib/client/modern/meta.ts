import type { ClientCapabilities, Implementation } from '../../protocol/types';

/** The protocol version of this engine. */
export const protocolVersion = '2026-07-28';

/** The keys of `_meta` that the protocol reserves. */
export const metaKeys = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  logLevel: 'io.modelcontextprotocol/logLevel',
} as const;

/**
 * Returns the `_meta` of a request. Each request describes the client, because protocol 2026-07-28 has no handshake.
 */
export function requestMeta(clientInfo: Implementation, capabilities: ClientCapabilities): Record<string, unknown> {
  return {
    [metaKeys.protocolVersion]: protocolVersion,
    [metaKeys.clientInfo]: clientInfo,
    [metaKeys.clientCapabilities]: capabilities,
  };
}
