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

/** The official SDK, version 2, by itself. */
export const sdkV2 = {
  http: (url, handlers) => open(new StreamableHTTPClientTransport(new URL(url)), handlers),
  stdio: (command, args, handlers) => open(new StdioClientTransport({ command, args }), handlers),
  transport: open,
};
