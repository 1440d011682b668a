import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { listen } from '../rig/listen';

/** A server of one session, with the long-running tool of the page. */
export interface TaskServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the server in this process. */
export async function startTaskServer(): Promise<TaskServer> {
  const mcp = new McpServer(
    { name: 'PrimitiveServer', version: '1.0.0' },
    {
      capabilities: {
        logging: {},
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true },
      },
    },
  );
  const { server } = mcp;
  const inputSchema = { task_name: z.string(), steps: z.int().default(5) };
  mcp.registerTool('long_running_task', { inputSchema }, async ({ task_name, steps }, { _meta, sendNotification }) => {
    const log = (level: 'info' | 'debug', data: string): Promise<void> =>
      sendNotification({ method: 'notifications/message', params: { level, data } });
    await log('info', `Starting: ${task_name}`);
    for (let i = 0; i < steps; i++) {
      await server.sendPromptListChanged();
      await server.sendResourceListChanged();
      await server.sendToolListChanged();
      const progressToken = _meta?.progressToken;
      if (progressToken !== undefined) {
        const params = { progressToken, progress: (i + 1) / steps, total: 1, message: `Step ${i + 1}/${steps}` };
        await sendNotification({ method: 'notifications/progress', params });
      }
      await log('debug', `Completed step ${i + 1}`);
    }
    return { content: [{ type: 'text', text: `Task '${task_name}' completed` }] };
  });

  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  await mcp.connect(transport);
  const http = createServer((request, response) => {
    transport.handleRequest(request, response).catch(() => response.destroy());
  });
  const { url, close } = await listen(http);
  return {
    url,
    stop: async () => {
      await mcp.close();
      await close();
    },
  };
}
