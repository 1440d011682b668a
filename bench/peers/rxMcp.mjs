import { filter, firstValueFrom } from 'rxjs';
import { HttpConnector, MCPSession, ofMethod, resourceUpdated, TransportConnector } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';

async function open(connector, handlers) {
  const session = new MCPSession(connector);
  for (const [method, handler] of Object.entries(handlers)) {
    session.notifications$.pipe(ofMethod(method)).subscribe(handler);
  }
  await session.connect();
  return {
    call: (name, onProgress) =>
      new Promise((resolve, reject) => {
        session
          .callTool$(name)
          .pipe(filter(({ kind }) => kind === 'progress'))
          .subscribe({ next: onProgress, error: reject, complete: resolve });
      }),
    close: () => session.disconnect(),
  };
}

/** Watches a resource with protocol 2026-07-28. The engine is loaded here: other workloads do not need it. */
async function listen(url, uri, handler) {
  const { modern } = await import('rx-mcp/modern');
  const session = new MCPSession(new HttpConnector(url, { engine: modern({ negotiation: 'modern' }) }));
  session.notifications$.pipe(resourceUpdated(uri)).subscribe(handler);
  await session.connect();
  await firstValueFrom(session.status$.pipe(filter(({ listening }) => listening)));
  return { close: () => session.disconnect() };
}

/** This library, used as in its guide. */
export const rxMcp = {
  http: (url, handlers, options) => open(new HttpConnector(url, options), handlers),
  stdio: (command, args, handlers) => open(new StdioConnector({ command, args }), handlers),
  transport: (transport, handlers) => open(new TransportConnector(() => transport), handlers),
  listen,
};
