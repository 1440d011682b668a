// Answering a question of the server during a call: npx tsx examples/elicitation.ts
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { filter, finalize, firstValueFrom, map, timer } from 'rxjs';

const everything = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';
const session = new MCPSession(new StdioConnector({ command: process.execPath, args: [everything, 'stdio'] }));

// Set before connecting to declare the capability. An application would open a form here. The library unsubscribes from the
// returned Observable after its first value, or when the server cancels the request.
session.handle('elicitation/create', ({ params }) => {
  console.log(`asked: ${params.message}`);
  return timer(100).pipe(
    finalize(() => console.log('the form is closed')),
    map(() => ({ action: 'accept', content: { name: 'Ada' } })),
  );
});
await session.connect();

// The server adds the tool once it knows that the client supports elicitation.
const asks = 'trigger-elicitation-request';
await firstValueFrom(session.tools$.pipe(filter((tools) => tools.some(({ name }) => name === asks))));

const { content } = await session.callTool(asks);
for (const part of content) if (part.type === 'text' && part.text.startsWith('User inputs')) console.log(part.text);

await session.disconnect();
