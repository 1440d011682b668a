import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createExampleServer } from './createExampleServer';
import type { ExampleServerOptions } from './exampleServerOptions';

/** Serves one client over stdin and stdout; the returned function says goodbye and closes. */
export async function serveStdio(options: ExampleServerOptions): Promise<() => Promise<void>> {
  const server = createExampleServer(options);
  // The SDK waits for a full pipe with a listener for each message.
  process.stdout.setMaxListeners(0);
  await server.connect(new StdioServerTransport());
  // The transport does not detect that its client has exited.
  process.stdin.once('end', () => void server.close());
  return async () => {
    await server.notification({ method: 'custom/bye' });
    await server.close();
  };
}
