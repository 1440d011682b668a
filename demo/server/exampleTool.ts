import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest, Tool } from '@modelcontextprotocol/sdk/types.js';

/** A tool of a session, with its listing and its function. */
export interface ExampleTool {
  readonly definition: Tool;
  readonly call: (
    args: unknown,
    request: RequestHandlerExtra<ServerRequest, ServerNotification>,
  ) => CallToolResult | Promise<CallToolResult>;
}
