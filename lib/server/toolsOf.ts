import { isObservable, map, type Observable } from 'rxjs';
import type { CallEvent } from '../client/session/callOptions';
import type { CallToolResult, Tool } from '../protocol/types';
import { isObject } from '../util/isObject';
import { check } from '../util/options';
import { tool, type ToolDefinition } from './tool';

/** The members of an `MCPSession` that {@link toolsOf} uses. */
export interface ToolSource {
  /** The current list of tools, then the list again after each change. */
  readonly tools$: Observable<readonly Tool[]>;
  /** Calls a tool. Cold. */
  callTool$(name: string, args?: Record<string, unknown>): Observable<CallEvent<CallToolResult>>;
}

/** The members of an `MCPClient` that {@link toolsOf} uses. */
export interface ToolSources {
  /** The current list of the tools of all servers, then the list again after each change. */
  readonly tools$: Observable<readonly { readonly server: string; readonly tool: Tool }[]>;
  /** Returns the session with a server. */
  session(server: string): ToolSource;
}

/**
 * Returns the tools of an upstream server, for use as the `tools` option of an {@link MCPServer} (a gateway). Progress,
 * results and errors are forwarded. If a client cancels a call, the call is cancelled upstream. For an `MCPClient`, the
 * names of the tools have the form `server_tool`.
 *
 * Emits the current list, then the list again after each change. Cold.
 *
 * @param upstream - an `MCPSession`, or an `MCPClient` for the tools of several servers.
 * @throws `ConfigError` if the argument is neither a session nor a client.
 *
 * @example
 * new MCPServer(info, { tools: toolsOf(session) });
 */
export function toolsOf(upstream: ToolSource | ToolSources): Observable<readonly ToolDefinition[]> {
  isSource(upstream, 'toolsOf');
  if (!('session' in upstream)) {
    return upstream.tools$.pipe(map((tools) => tools.map((each) => republish(each, each.name, upstream))));
  }
  return upstream.tools$.pipe(
    map((tools) =>
      tools.map(({ server, tool: each }) => republish(each, `${server}_${each.name}`, upstream.session(server))),
    ),
  );
}

const isSource = check('a session or a client', (value) => isObject(value) && isObservable(value['tools$']));

function republish(listing: Tool, name: string, session: ToolSource): ToolDefinition {
  const upstream = listing.name;
  const definition = tool(name, {}, (args) => session.callTool$(upstream, args));
  return { ...definition, listing: { ...listing, name } };
}
