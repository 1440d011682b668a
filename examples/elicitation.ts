// A server asks the user something in the middle of a call: npx tsx examples/elicitation.ts
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { filter, finalize, firstValueFrom, map, timer } from 'rxjs';

const everything = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';
const session = new MCPSession(new StdioConnector({ command: process.execPath, args: [everything, 'stdio'] }));

// Set before connecting, this also tells the server that there is somebody to ask. In an application it would open a
// form: what it returns is unsubscribed from when there is an answer, or when the server does not want one any more.
session.handle('elicitation/create', ({ params }) => {
  console.log(`asked: ${params.message}`);
  return timer(100).pipe(
    finalize(() => console.log('the form is closed')),
    map(() => ({ action: 'accept', content: { name: 'Ada' } })),
  );
});
await session.connect();

// This server has the tool only for who can be asked, and adds it once it knows.
const asks = 'trigger-elicitation-request';
await firstValueFrom(session.tools$.pipe(filter((tools) => tools.some(({ name }) => name === asks))));

const { content } = await session.callTool(asks);
for (const part of content) if (part.type === 'text' && part.text.startsWith('User inputs')) console.log(part.text);

await session.disconnect();
