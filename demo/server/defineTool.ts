import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type CallToolResult,
  ErrorCode,
  McpError,
  type ServerNotification,
  type ServerRequest,
  ToolSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { ExampleTool } from './exampleTool';

/** Defines a tool whose arguments are listed, validated and typed with one schema. */
export function defineTool<Input extends z.ZodObject>(
  name: string,
  description: string,
  input: Input,
  run: (
    args: z.output<Input>,
    request: RequestHandlerExtra<ServerRequest, ServerNotification>,
  ) => CallToolResult | Promise<CallToolResult>,
  output?: z.ZodObject,
): ExampleTool {
  const inputSchema = z.toJSONSchema(input, { io: 'input' });
  const outputSchema = output && z.toJSONSchema(output);
  return {
    definition: ToolSchema.parse({ name, description, inputSchema, outputSchema }),
    call: (args, request) => {
      const parsed = input.safeParse(args ?? {});
      if (!parsed.success) throw new McpError(ErrorCode.InvalidParams, z.prettifyError(parsed.error));
      return run(parsed.data, request);
    },
  };
}
