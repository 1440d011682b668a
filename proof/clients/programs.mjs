// Clients by other authors: node programs.mjs CLIENT URL
// Prints what the client received, as JSON, and exits: some clients leave sockets open.
import { experimental_createMCPClient as createMCPClient } from '@ai-sdk/mcp';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import * as sdk2 from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const info = { name: 'proof', version: '1.0.0' };
const capabilities = { roots: { listChanged: true } };

/** Uses everything that a server sends and requests. `call` calls a tool of the connected client. */
async function useSdk(client, transport, rootsRequest, call) {
  const methods = [];
  client.fallbackNotificationHandler = async ({ method }) => methods.push(method);
  client.setRequestHandler(rootsRequest, () => ({ roots: [{ uri: 'file:///proof' }] }));
  await client.connect(transport);
  const progress = [];
  const onprogress = (step) => progress.push(step.progress);
  await call({ name: 'long_task', arguments: { steps: 3, delayMs: 5 } }, { onprogress });
  await call({ name: 'burst', arguments: { count: 2 } });
  const roots = JSON.stringify(await call({ name: 'ask_roots', arguments: {} }));
  const { prompts } = await client.listPrompts();
  const { contents } = await client.readResource({ uri: 'memo://readme' });
  const { tools } = await client.listTools();
  const echo = await call({ name: 'echo', arguments: { text: 'hello' } });
  return { tools, echo, progress, methods, roots, prompts, contents };
}

/** The SDK's client of the 2.x line. */
async function useSdk2(url, mode) {
  const client = new sdk2.Client(info, { capabilities, versionNegotiation: { mode } });
  const transport = new sdk2.StreamableHTTPClientTransport(new URL(url));
  const received = await useSdk(client, transport, 'roots/list', (params, options) => client.callTool(params, options));
  await client.close();
  return received;
}

const programs = {
  /** The SDK's client of the 1.x line. */
  async sdk1(url) {
    const client = new Client(info, { capabilities });
    const transport = new StreamableHTTPClientTransport(new URL(url));
    const call = (params, options) => client.callTool(params, undefined, options);
    const received = await useSdk(client, transport, ListRootsRequestSchema, call);
    await transport.terminateSession();
    await client.close();
    return received;
  },
  sdk2Legacy: (url) => useSdk2(url, 'legacy'),
  sdk2Modern: (url) => useSdk2(url, { pin: '2026-07-28' }),
  /** The client of the AI SDK. */
  async aiSdk(url) {
    const client = await createMCPClient({ transport: { type: 'http', url } });
    const tools = await client.tools();
    const echo = await tools.echo.execute({ text: 'hello' }, { toolCallId: '1', messages: [] });
    await client.close();
    return { tools: Object.keys(tools).map((name) => ({ name })), echo };
  },
  /** The MCP adapters of LangChain. */
  async langchain(url) {
    const client = new MultiServerMCPClient({ mcpServers: { served: { transport: 'http', url } } });
    const tools = await client.getTools();
    const echo = await tools.find(({ name }) => name === 'echo').invoke({ text: 'hello' });
    await client.close();
    return { tools, echo };
  },
};

const [, , name, url] = process.argv;
const { tools, echo, progress = [], methods = [], roots, prompts = [], contents = [] } = await programs[name](url);
const received = {
  tools: tools.map(({ name }) => name),
  echo: JSON.stringify(echo),
  progress,
  methods,
  roots,
  prompts: prompts.map(({ name }) => name),
  contents: contents.map(({ text }) => text),
};
process.stdout.write(`${JSON.stringify(received)}\n`, () => process.exit(0));
