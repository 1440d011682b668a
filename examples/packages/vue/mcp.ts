import { type App, inject, type InjectionKey } from 'vue';
import { HttpConnector, MCPSession, type Session } from 'rx-mcp';

const key: InjectionKey<Session> = Symbol('rx-mcp');

/** A plugin that provides a session and ends it when the app is unmounted: `app.use(mcp, 'http://127.0.0.1:3000/mcp')`. */
export function mcp(app: App, url: string): void {
  const session = new MCPSession(new HttpConnector(url));
  session.connect({ retry: true }).catch(() => undefined); // status$ reports the reason
  app.provide(key, session);
  app.onUnmount(() => void session.disconnect());
}

/** Returns the session of the app. */
export function useMcp(): Session {
  const session = inject(key);
  if (!session) throw new Error('useMcp: the plugin is not installed (app.use(mcp, url))');
  return session;
}
