import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';

const schemas = new Map();

/** The loosest schema that the SDK accepts, created once per method: the schema is not what is measured. */
function schemaOf(method) {
  if (!schemas.has(method)) schemas.set(method, z.looseObject({ method: z.literal(method) }));
  return schemas.get(method);
}

async function open(transport, handlers) {
  const client = new Client({ name: 'bench', version: '1.0.0' }, { capabilities: { roots: { listChanged: true } } });
  for (const [method, handler] of Object.entries(handlers)) client.setNotificationHandler(schemaOf(method), handler);
  await client.connect(transport);
  return {
    call: (name, onProgress) => client.callTool({ name, arguments: {} }, undefined, { onprogress: onProgress }),
    close: () => client.close(),
  };
}

/** The official SDK, version 1, alone. */
export const rawSdk = {
  http: (url, handlers) => open(new StreamableHTTPClientTransport(new URL(url)), handlers),
  stdio: (command, args, handlers) => open(new StdioClientTransport({ command, args }), handlers),
  transport: open,
};
