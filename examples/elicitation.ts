// Answering a form that the server requests during a call: npx tsx examples/elicitation.ts
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { filter, finalize, firstValueFrom, map, timer } from 'rxjs';

const everything = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';
const session = new MCPSession(new StdioConnector({ command: process.execPath, args: [everything, 'stdio'] }));

// A handler that is set before connecting declares the capability. The timer stands for a form of an application.
// The library unsubscribes after the first value, or when the server cancels the request.
session.handle('elicitation/create', ({ params }) => {
  console.log(`asked: ${params.message}`);
  return timer(100).pipe(
    finalize(() => console.log('the form is closed')),
    map(() => ({ action: 'accept', content: { name: 'Ada' } })),
  );
});
await session.connect();

// The server adds this tool after it has learned that the client supports elicitation.
const name = 'trigger-elicitation-request';
await firstValueFrom(session.tools$.pipe(filter((tools) => tools.some((tool) => tool.name === name))));

const { content } = await session.callTool(name);
for (const part of content) if (part.type === 'text' && part.text.startsWith('User inputs')) console.log(part.text);

await session.disconnect();
