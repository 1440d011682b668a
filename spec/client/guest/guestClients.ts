import { createMCPClient } from '@ai-sdk/mcp';
import { loadMcpTools } from '@langchain/mcp-adapters';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { SessionTransport } from 'rx-mcp';

/** A client of a library that uses a session. */
export interface GuestClient {
  /** Calls the tool `echo` with the same objects each time, and returns the text. */
  echo(value: string): Promise<string>;
  close(): Promise<void>;
}

const clientInfo = { name: 'guest', version: '1.0.0' };

function textOf(result: object): string {
  const content = 'content' in result && Array.isArray(result.content) ? result.content : [];
  return String(content[0]?.text);
}

/** The clients of several libraries, each connected over a transport of a session. */
export const guestClients: Record<string, (transport: SessionTransport) => Promise<GuestClient>> = {
  '@modelcontextprotocol/sdk': async (transport) => {
    const client = new Client(clientInfo);
    await client.connect(transport);
    return {
      echo: async (value) => textOf(await client.callTool({ name: 'echo', arguments: { value } })),
      close: () => client.close(),
    };
  },

  '@modelcontextprotocol/client': async (transport) => {
    const client = new ModernClient(clientInfo);
    await client.connect(transport);
    return {
      echo: async (value) => textOf(await client.callTool({ name: 'echo', arguments: { value } })),
      close: () => client.close(),
    };
  },

  '@langchain/mcp-adapters': async (transport) => {
    const client = new Client(clientInfo);
    await client.connect(transport);
    const tools = await loadMcpTools('guest', client);
    const echo = tools.find(({ name }) => name === 'echo');
    return {
      echo: async (value) => String(await echo?.invoke({ value })),
      close: () => client.close(),
    };
  },

  '@ai-sdk/mcp': async (transport) => {
    const client = await createMCPClient({ transport });
    const { echo } = await client.tools();
    return {
      echo: async (value) => textOf(await echo!.execute({ value }, { toolCallId: 'echo', messages: [] })),
      close: () => client.close(),
    };
  },
};
