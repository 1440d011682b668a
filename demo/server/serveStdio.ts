import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createExampleServer } from './createExampleServer';
import type { ExampleServerOptions } from './exampleServerOptions';

/** Serves one client over standard input and output. Returns a function that ends the session gracefully. */
export async function serveStdio(options: ExampleServerOptions): Promise<() => Promise<void>> {
  const server = createExampleServer(options);
  // The SDK adds a listener for each message while the pipe is full.
  process.stdout.setMaxListeners(0);
  await server.connect(new StdioServerTransport());
  // The transport does not detect that its client has exited.
  process.stdin.once('end', () => void server.close());
  return async () => {
    await server.notification({ method: 'custom/bye' });
    await server.close();
  };
}
