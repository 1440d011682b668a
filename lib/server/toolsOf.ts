import { isObservable, map, type Observable } from 'rxjs';
import type { CallEvent } from '../client/session/callOptions';
import type { CallToolResult, Tool } from '../protocol/types';
import { isObject } from '../util/isObject';
import { check } from '../util/options';
import { tool, type ToolDefinition } from './tool';

/** A session whose tools can be served again, such as an `MCPSession`. */
export interface ToolSource {
  /** The current tools, then each change. */
  readonly tools$: Observable<readonly Tool[]>;
  /** Calls a tool. Cold. */
  callTool$(name: string, args?: Record<string, unknown>): Observable<CallEvent<CallToolResult>>;
}

/** A client whose tools can be served again, such as an `MCPClient`. */
export interface ToolSources {
  /** The current tools of all servers, then each change. */
  readonly tools$: Observable<readonly { readonly server: string; readonly tool: Tool }[]>;
  /** Returns the session with a server. */
  session(server: string): ToolSource;
}

/**
 * Returns the live tools of an upstream session, for a server to serve: `new MCPServer(info, { tools: toolsOf(session) })`.
 * Progress, results and errors are passed on, and a cancelled call is cancelled upstream. For a client, the names have the form
 * `server_tool`.
 *
 * Cold. Emits the current list, then each change, like `tools$`.
 *
 * @throws `ConfigError` if the argument is neither a session nor a client.
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
