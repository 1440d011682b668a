import { filter } from 'rxjs';
import { HttpConnector, MCPSession, ofMethod, TransportConnector } from 'rx-mcp';
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

/** This library, as its guide has it. */
export const rxMcp = {
  http: (url, handlers, options) => open(new HttpConnector(url, options), handlers),
  stdio: (command, args, handlers) => open(new StdioConnector({ command, args }), handlers),
  transport: (transport, handlers) => open(new TransportConnector(() => transport), handlers),
};
