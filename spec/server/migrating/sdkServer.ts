import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

export function createSdkServer(): McpServer {
  const server = new McpServer({ name: 'builds', version: '1.0.0' });
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

  server.registerTool(
    'build',
    { description: 'Builds', inputSchema: { steps: z.number() } },
    async ({ steps }, { _meta, sendNotification, signal }) => {
      for (let step = 1; step <= steps; step++) {
        signal.throwIfAborted();
        if (_meta?.progressToken === undefined) continue;
        const params = { progressToken: _meta.progressToken, progress: step, total: steps };
        await sendNotification({ method: 'notifications/progress', params });
      }
      const { action } = await server.server.elicitInput({
        message: 'Publish?',
        requestedSchema: { type: 'object', properties: {} },
      });
      if (action === 'accept') server.registerTool('publish', {}, () => text('published'));
      return text(`built, ${action}`);
    },
  );
  return server;
}
