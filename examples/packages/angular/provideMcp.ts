import { DestroyRef, type EnvironmentProviders, inject, InjectionToken, makeEnvironmentProviders } from '@angular/core';
import { HttpConnector, MCPSession, type Session } from 'rx-mcp';

/** The injection token of the session. */
export const MCP_SESSION = new InjectionToken<Session>('MCP_SESSION');

/** Provides a session. It connects when it is first injected, and ends with its injector. */
export function provideMcp(url: string): EnvironmentProviders {
  const useFactory = (): Session => {
    const session = new MCPSession(new HttpConnector(url));
    session.connect({ retry: true }).catch(() => undefined); // status$ reports the reason
    inject(DestroyRef).onDestroy(() => void session.disconnect());
    return session;
  };
  return makeEnvironmentProviders([{ provide: MCP_SESSION, useFactory }]);
}
