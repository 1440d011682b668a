import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { report } from './report.mjs';

// The SDK's client of the 2.x line. The second argument is the era.
const [, , url, era] = process.argv;
const client = new Client(
  { name: 'proof', version: '1.0.0' },
  {
    capabilities: { roots: { listChanged: true } },
    versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
  },
);
const methods = [];
client.fallbackNotificationHandler = async ({ method }) => methods.push(method);
client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///proof' }] }));
const transport = new StreamableHTTPClientTransport(new URL(url));
await client.connect(transport);
const call = (name, args = {}, options = {}) => client.callTool({ name, arguments: args }, options);
const progress = [];
await call('long_task', { steps: 3, delayMs: 5 }, { onprogress: (step) => progress.push(step.progress) });
await call('burst', { count: 2 });
const roots = await call('ask_roots');
const { prompts } = await client.listPrompts();
const { contents } = await client.readResource({ uri: 'memo://readme' });
const { tools } = await client.listTools();
const echo = await call('echo', { text: 'hello' });
await client.close();
report({ tools, echo, progress, methods, roots: JSON.stringify(roots), prompts, contents });
