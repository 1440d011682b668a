import { inputRequired, MCPServer } from 'mcp-use';
import { z } from 'zod';

const server = new MCPServer({ name: 'builds', version: '1.0.0' });

server.tool(
  { name: 'build', description: 'Builds', inputSchema: z.object({ steps: z.number() }) },
  async ({ steps }, { inputResponses, reportProgress, sendLog, sendNotification }) => {
    const answer = inputResponses?.publish;
    if (answer === undefined) {
      const publish = inputRequired.elicit({ message: 'Publish?', requestedSchema: z.object({}) });
      return inputRequired({ inputRequests: { publish } });
    }
    for (let step = 1; step <= steps; step++) await reportProgress(step, steps);
    await sendLog('warning', 'no cache');
    await sendNotification('custom/built', { steps });
    return { content: [{ type: 'text', text: `built, ${answer.action}` }] };
  },
);

await server.listen(Number(process.env.PORT ?? 3000), { host: '127.0.0.1' });
