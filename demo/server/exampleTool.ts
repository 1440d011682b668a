import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest, Tool } from '@modelcontextprotocol/sdk/types.js';

/** A tool as the session keeps it: what is listed, and what a call does. */
export interface ExampleTool {
  readonly definition: Tool;
  readonly call: (
    args: unknown,
    request: RequestHandlerExtra<ServerRequest, ServerNotification>,
  ) => CallToolResult | Promise<CallToolResult>;
}
