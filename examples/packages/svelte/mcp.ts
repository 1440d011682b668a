import type { Session } from 'rx-mcp';
import { getContext } from 'svelte';

const key = Symbol('rx-mcp');

/** Returns the session of the app. Only works while a component is created. */
export const useMcp = (): Session => getContext<Session>(key);

/** Returns the context that provides a session: `mount(App, { target, context: mcpContext(session) })`. */
export const mcpContext = (session: Session) => new Map([[key, session]]);
