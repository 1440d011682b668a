import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** The official SDK, version 2, by itself, with protocol 2026-07-28. */
export const sdkV2Modern = {
  async listen(url, uri, handler) {
    const client = new Client({ name: 'bench', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    client.setNotificationHandler('notifications/resources/updated', handler);
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    await client.listen({ resourceSubscriptions: [uri] });
    return { close: () => client.close() };
  },
};
