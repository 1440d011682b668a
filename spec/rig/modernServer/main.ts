// A server on the SDK 2.x: `npx tsx spec/rig/modernServer/main.ts [--port n] [--keep-alive ms] [--stdio]`.
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { parseArgs } from 'node:util';
import { createModernServer, createWorld } from './createModernServer';
import { serveModernHttp } from './serveModernHttp';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'keep-alive': { type: 'string', default: '15000' },
    stdio: { type: 'boolean', default: false },
  },
});
const world = createWorld();

async function serve(): Promise<() => Promise<void>> {
  if (values.stdio) {
    const handle = serveStdio(() => createModernServer(world));
    return () => handle.close();
  }
  const { url, close } = await serveModernHttp({
    port: Number(values.port),
    keepAliveMs: Number(values['keep-alive']),
    world,
  });
  console.log(JSON.stringify({ listening: url }));
  return close;
}

const close = await serve();
const shutDown = (): void => void close().finally(() => process.exit(0));
process.once('SIGTERM', shutDown);
process.once('SIGINT', shutDown);
// The parent process has exited.
process.once('disconnect', () => process.exit(0));
