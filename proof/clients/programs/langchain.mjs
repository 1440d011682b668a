import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { report } from './report.mjs';

// The MCP adapters of LangChain.
const client = new MultiServerMCPClient({ mcpServers: { served: { transport: 'http', url: process.argv[2] } } });
const tools = await client.getTools();
const echo = await tools.find(({ name }) => name === 'echo').invoke({ text: 'hello' });
await client.close();
report({ tools, echo });
