import type { ClientCapabilities, Implementation } from '../protocol/types';
import { metaKeys } from './metaKeys';
import { protocolVersion } from './protocolVersion';

/** What each request of the modern era says of the client, in its `_meta`: there is no handshake that said it before. */
export function envelope(clientInfo: Implementation, capabilities: ClientCapabilities): Record<string, unknown> {
  return {
    [metaKeys.protocolVersion]: protocolVersion,
    [metaKeys.clientInfo]: clientInfo,
    [metaKeys.clientCapabilities]: capabilities,
  };
}
