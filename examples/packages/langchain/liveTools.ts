import { DynamicStructuredTool, tool } from '@langchain/core/tools';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { createMiddleware } from 'langchain';
import type { Session, Tool } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';

/** Returns a middleware for `createAgent`. Each model call offers the server's current tools. */
export async function liveTools(session: Session) {
  let tools: readonly DynamicStructuredTool[] = [];
  session.tools$.subscribe((list) => {
    tools = list.map((described) => toolOf(session, described));
  });
  await firstValueFrom(session.tools$);
  return createMiddleware({
    name: 'liveTools',
    wrapModelCall: (request, handler) => handler({ ...request, tools: [...request.tools, ...tools] }),
    wrapToolCall: (request, handler) =>
      handler({ ...request, tool: request.tool ?? tools.find(({ name }) => name === request.toolCall.name) }),
  });
}

/** Emits progress in the stream mode `custom`. Aborting the run cancels the call on the server. */
function toolOf(session: Session, { name, description = '', inputSchema }: Tool): DynamicStructuredTool {
  return tool(
    async (input, { signal, writer }: LangGraphRunnableConfig) => {
      const { content, isError } = await session.callTool(name, input as Record<string, unknown>, {
        signal,
        onProgress: ({ progress, total, message }) => writer?.({ tool: name, progress, total, message }),
      });
      const text = content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
      return isError ? `Error: ${text}` : text;
    },
    { name, description, schema: inputSchema },
  );
}
