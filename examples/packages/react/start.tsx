import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { App } from './App';

/** Renders the app. Returns a function that removes it and ends the session. */
export function start(url: string, element: Element): () => Promise<void> {
  const session = new MCPSession(new HttpConnector(url));
  session.connect({ retry: true }).catch(() => undefined); // status$ reports the reason
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <App session={session} />
    </StrictMode>,
  );
  return async () => {
    root.unmount();
    await session.disconnect();
  };
}
