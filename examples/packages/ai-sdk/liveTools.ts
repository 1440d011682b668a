import { dynamicTool, jsonSchema, type ToolSet } from 'ai';
import type { CallToolResult, Session, Tool } from 'rx-mcp';
import { firstValueFrom, map, type Observable } from 'rxjs';

/** Returns the server's tools for the AI SDK. The object is updated when the server's list changes, until the session ends. */
export async function liveTools(session: Session): Promise<ToolSet> {
  const tools: ToolSet = {};
  session.tools$.subscribe((list) => {
    for (const name of Object.keys(tools)) delete tools[name];
    for (const tool of list) tools[tool.name] = toolOf(session, tool);
  });
  await firstValueFrom(session.tools$);
  return tools;
}

/** Emits progress as preliminary results, then the result. An aborted run cancels the call on the server. */
function toolOf(session: Session, { name, description, inputSchema }: Tool): ToolSet[string] {
  return dynamicTool({
    description,
    inputSchema: jsonSchema(inputSchema),
    execute: (input, { abortSignal }) =>
      valuesOf(
        session
          .callTool$(name, input as Record<string, unknown>, { signal: abortSignal })
          .pipe(map((event) => (event.kind === 'result' ? event.result : event))),
      ),
    toModelOutput({ output }) {
      const { content, isError } = output as CallToolResult;
      const text = content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
      return { type: isError ? 'error-text' : 'text', value: text };
    },
  });
}

/** Converts an Observable for use in `for await`. Leaving the loop unsubscribes. */
function valuesOf<T>(source$: Observable<T>): AsyncIterable<T> {
  let subscription = { unsubscribe: () => {} };
  return new ReadableStream<T>({
    start(controller) {
      subscription = source$.subscribe({
        next: (value) => controller.enqueue(value),
        error: (error) => controller.error(error),
        complete: () => controller.close(),
      });
    },
    cancel: () => subscription.unsubscribe(),
  });
}
