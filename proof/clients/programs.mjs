import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { report } from './report.mjs';

// The SDK's client of the 1.x line.
const client = new Client({ name: 'proof', version: '1.0.0' }, { capabilities: { roots: { listChanged: true } } });
const methods = [];
client.fallbackNotificationHandler = async ({ method }) => methods.push(method);
client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///proof' }] }));
const transport = new StreamableHTTPClientTransport(new URL(process.argv[2]));
await client.connect(transport);
const call = (name, args = {}, options = {}) => client.callTool({ name, arguments: args }, undefined, options);
const progress = [];
await call('long_task', { steps: 3, delayMs: 5 }, { onprogress: (step) => progress.push(step.progress) });
await call('burst', { count: 2 });
const roots = await call('ask_roots');
const { prompts } = await client.listPrompts();
const { contents } = await client.readResource({ uri: 'memo://readme' });
const { tools } = await client.listTools();
const echo = await call('echo', { text: 'hello' });
await transport.terminateSession();
await client.close();
report({ tools, echo, progress, methods, roots: JSON.stringify(roots), prompts, contents });
