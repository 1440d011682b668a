import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { ExampleSession } from './exampleSession';
import { pageOf } from './pageOf';
import { longTask } from './tools/longTask';
import { manyTools } from './tools/manyTools';
import { notifyTools } from './tools/notifyTools';
import { plainTools } from './tools/plainTools';
import { readRoots } from './tools/readRoots';
import { toggleTools } from './tools/toggleTools';

/** Adds the session's tools, and the handlers of `tools/list` and `tools/call`. */
export function handleTools(session: ExampleSession, many: number): void {
  const { server, tools } = session;
  const all = [
    ...plainTools(),
    longTask(),
    ...toggleTools(session),
    ...notifyTools(session),
    readRoots(),
    ...manyTools(many),
  ];
  for (const tool of all) tools.set(tool.definition.name, tool);

  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const { page, nextCursor } = pageOf(tools, params?.cursor);
    return { tools: page.map(({ definition }) => definition), nextCursor };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }, request) => {
    const tool = tools.get(params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    return tool.call(params.arguments, request);
  });
}
