import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { FaultSession } from './faultSession';
import { faultTools } from './faultTools';
import type { FaultWorld } from './faultWorld';

/** Answers `tools/list`, and `tools/call` for what is listed or built in. */
export function handleTools(session: FaultSession, world: FaultWorld): void {
  const { gates, lists, emit } = world;

  session.server.setRequestHandler(ListToolsRequestSchema, async ({ params }, { signal }) => {
    await gates.pass('tools/list', signal);
    const { page, nextCursor } = lists.page(lists.tools, params?.cursor);
    return { tools: page.map((name) => ({ name, inputSchema: { type: 'object' } })), nextCursor };
  });

  session.server.setRequestHandler(CallToolRequestSchema, async ({ params }, request) => {
    const { name, arguments: args = {} } = params;
    const tool = faultTools[name] ?? (lists.tools.includes(name) ? faultTools.echo : undefined);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
    const happened = (type: 'tool-started' | 'tool-finished' | 'tool-failed' | 'tool-cancelled') =>
      emit({ type, name, id: request.requestId });
    happened('tool-started');
    try {
      await gates.pass(name, request.signal);
      const result: CallToolResult = await tool(args, { request, session, world });
      happened(request.signal.aborted ? 'tool-cancelled' : 'tool-finished');
      return result;
    } catch (error) {
      happened(request.signal.aborted ? 'tool-cancelled' : 'tool-failed');
      throw error;
    }
  });
}
