import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { z } from 'zod';

const params = z.looseObject({});

async function open(transport, handlers) {
  const client = new Client({ name: 'bench', version: '1.0.0' }, { capabilities: { roots: { listChanged: true } } });
  for (const [method, handler] of Object.entries(handlers)) {
    if (method.startsWith('notifications/')) client.setNotificationHandler(method, handler);
    else client.setNotificationHandler(method, { params }, (value) => handler({ method, params: value }));
  }
  await client.connect(transport);
  return {
    call: (name, onProgress) => client.callTool({ name, arguments: {} }, { onprogress: onProgress }),
    close: () => client.close(),
  };
}

/** Subscribes to a resource with protocol 2026-07-28. */
async function listen(url, uri, handler) {
  const client = new Client({ name: 'bench', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  client.setNotificationHandler('notifications/resources/updated', handler);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  await client.listen({ resourceSubscriptions: [uri] });
  return { close: () => client.close() };
}

/** The official SDK, version 2, alone. */
export const sdkV2 = {
  http: (url, handlers) => open(new StreamableHTTPClientTransport(new URL(url)), handlers),
  stdio: (command, args, handlers) => open(new StdioClientTransport({ command, args }), handlers),
  transport: open,
  listen,
};
