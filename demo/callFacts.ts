import type { CallToolResult, MCPSession } from 'rx-mcp';
import { map, type Observable } from 'rxjs';
import type { DemoFact } from './demoFact';

/** Calls a tool when subscribed to: the progress that it makes, then its result. */
export function callFacts(session: MCPSession, tool: string, args?: Record<string, unknown>): Observable<DemoFact> {
  return session.callTool$(tool, args).pipe(
    map((event): DemoFact => {
      if (event.kind === 'result') return { type: 'result', tool, text: textOf(event.result) };
      if (event.kind === 'task') return { type: 'progress', tool, progress: 0, message: `task ${event.task.status}` };
      const { progress, total, message } = event;
      return { type: 'progress', tool, progress, total, message };
    }),
  );
}

function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : `(${part.type})`)).join(' ');
}
