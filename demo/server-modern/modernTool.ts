import type { CallToolResult, InputRequiredResult, ServerContext, Tool } from '@modelcontextprotocol/server';

/** A tool, with its listing and its function. */
export interface ModernTool {
  definition: Tool;
  call(args: Record<string, unknown>, context: ServerContext): Promise<CallToolResult | InputRequiredResult>;
}
