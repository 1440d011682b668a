// The server that the examples connect to: `npx tsx demo/server/main.ts [--port n] [--heartbeat ms] [--many n] [--origin url]
// [--stdio]`.
import { readOptions } from './readOptions';
import { serveHttp } from './serveHttp';
import { serveStdio } from './serveStdio';

const options = readOptions(process.argv.slice(2), process.env);
const close = await (options.stdio ? serveStdio(options) : serveHttp(options));

function leave(): void {
  // A client that reads nothing must not keep the process running.
  setTimeout(() => process.exit(0), 1_000).unref();
  void close().finally(() => process.exit(0));
}
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
// The parent process has exited.
process.once('disconnect', () => process.exit(0));
