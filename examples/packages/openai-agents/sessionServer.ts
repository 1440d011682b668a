import type { MCPServer } from '@openai/agents';
import type { Progress, Session, Tool } from 'rx-mcp';
import { firstValueFrom, type Observable, shareReplay } from 'rxjs';

type AgentTool = Awaited<ReturnType<MCPServer['listTools']>>[number];

interface SessionServerOptions {
  name?: string;
  /** Called with the progress of each call. The Agents SDK does not support progress. */
  onProgress?(tool: string, progress: Progress): void;
}

/** Returns a session as a server of the Agents SDK: `new Agent({ name, mcpServers: [sessionServer(session)] })`. */
export function sessionServer(session: Session, { name = 'rx-mcp', onProgress }: SessionServerOptions = {}): MCPServer {
  // An agent lists the tools before each turn. It receives the latest list, without a request.
  const tools$: Observable<readonly Tool[]> = session.tools$.pipe(shareReplay(1));
  return {
    name,
    cacheToolsList: false, // the session keeps the list current
    connect: () => session.connect(),
    close: () => session.disconnect(),
    listTools: async () => (await firstValueFrom(tools$)).map(agentTool),
    invalidateToolsCache: () => Promise.resolve(),
    async callTool(tool, args, meta, { signal } = {}) {
      const { content, isError } = await session.callTool(tool, args ?? {}, {
        signal,
        meta: meta ?? undefined,
        onProgress: (progress) => onProgress?.(tool, progress),
      });
      return Object.assign([...content], { isError });
    },
  };
}

/** The Agents SDK needs `required` and `additionalProperties`. Both are optional in JSON Schema. */
function agentTool({ name, description, inputSchema }: Tool): AgentTool {
  const { properties = {}, required = [] } = inputSchema;
  return { name, description, inputSchema: { type: 'object', properties, required, additionalProperties: true } };
}
