import { experimental_createMCPClient as createMCPClient } from '@ai-sdk/mcp';
import { report } from './report.mjs';

// The client of the AI SDK.
const client = await createMCPClient({ transport: { type: 'http', url: process.argv[2] } });
const tools = await client.tools();
const echo = await tools.echo.execute({ text: 'hello' }, { toolCallId: '1', messages: [] });
await client.close();
report({ tools: Object.keys(tools).map((name) => ({ name })), echo });
