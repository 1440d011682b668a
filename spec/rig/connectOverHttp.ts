import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { connectPlainClient } from './connectPlainClient';
import type { PlainClient } from './plainClient';

/** Connects the SDK's own client to a URL; it reopens its stream at once, so that specs need not wait. */
export const connectOverHttp = (url: string, capabilities?: ClientCapabilities): Promise<PlainClient> =>
  connectPlainClient(
    new StreamableHTTPClientTransport(new URL(url), {
      reconnectionOptions: {
        initialReconnectionDelay: 10,
        maxReconnectionDelay: 10,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 2,
      },
    }),
    capabilities,
  );
