import { HttpConnector, MCPSession } from 'rx-mcp';
import { mount, unmount } from 'svelte';
import { mcpContext } from './mcp';
import ToolList from './ToolList.svelte';

/** Mounts the list of tools. Returns a function that removes it and ends the session. */
export function start(url: string, target: Element): () => Promise<void> {
  const session = new MCPSession(new HttpConnector(url));
  session.connect({ retry: true }).catch(() => undefined); // status$ reports the reason
  const component = mount(ToolList, { target, context: mcpContext(session) });
  return async () => {
    await unmount(component);
    await session.disconnect();
  };
}
