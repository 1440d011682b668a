// A server on the SDK 1.x: `npx tsx spec/rig/legacyServer/main.ts [--port n] [--heartbeat ms] [--many n] [--origin url] [--stdio]`.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { parseArgs } from 'node:util';
import { createLegacyServer, type LegacyServerOptions } from './createLegacyServer';
import { serveHttp } from './serveHttp';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    heartbeat: { type: 'string', default: '250' },
    many: { type: 'string', default: '0' },
    origin: { type: 'string' },
    stdio: { type: 'boolean', default: false },
  },
});
const options: LegacyServerOptions = { heartbeat: Number(values.heartbeat), many: Number(values.many) };
const close = await (values.stdio
  ? serveStdio(options)
  : serveHttp({ ...options, port: Number(values.port), origin: values.origin }));

function leave(): void {
  // A client that reads nothing must not keep the process running.
  setTimeout(() => process.exit(0), 1_000).unref();
  void close().finally(() => process.exit(0));
}
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
// The parent process has exited.
process.once('disconnect', () => process.exit(0));

/** Serves one client over standard input and output. Returns a function that ends the session gracefully. */
async function serveStdio(options: LegacyServerOptions): Promise<() => Promise<void>> {
  const server = createLegacyServer(options);
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
