import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { defer, retry, throwError } from 'rxjs';
import { median } from '../harness/measure.mjs';
import { startServer } from '../harness/startServer.mjs';

/** Browser apps that connect, receive progress and notifications, and follow a list. */
const apps = {
  session: `
    import { HttpConnector, logMessage, MCPSession, ofMethod, progressOf, resourceUpdated } from 'rx-mcp';
    const session = new MCPSession(new HttpConnector(location.href));
    ${uses('session')}`,
  client: `
    import { logMessage, MCPClient, ofMethod, progressOf, resourceUpdated } from 'rx-mcp';
    const client = new MCPClient({ mcpServers: { here: { url: location.href } } });
    const session = client.session('here');
    ${uses('session')}`,
  rawSdk: `
    import { Client } from '@modelcontextprotocol/sdk/client/index.js';
    import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
    import * as types from '@modelcontextprotocol/sdk/types.js';
    const client = new Client({ name: 'app', version: '1.0.0' }, { listChanged: { tools: { onChanged: console.log } } });
    client.setNotificationHandler(types.LoggingMessageNotificationSchema, console.log);
    client.setNotificationHandler(types.ResourceUpdatedNotificationSchema, console.log);
    await client.connect(new StreamableHTTPClientTransport(new URL(location.href)));
    await client.callTool({ name: 'work', arguments: {} }, undefined, { onprogress: console.log });`,
};

function uses(session) {
  return `
    const { notifications$, tools$, status$, gaps$ } = ${session};
    for (const operator of [ofMethod('app/event'), logMessage('info'), resourceUpdated('memo://app'), progressOf(1)])
      notifications$.pipe(operator).subscribe(console.log);
    for (const stream$ of [tools$, status$, gaps$]) stream$.subscribe(console.log);
    await ${session}.connect();
    ${session}.callTool$('work').subscribe(console.log);`;
}

/** Measures the kilobytes of a whole app with every dependency. */
export async function app({ name }) {
  const { size } = await bundle(apps[name]);
  return { value: size };
}

/** Measures the kilobytes that a whole app downloads at startup, if its bundler splits the code. */
export async function download({ name }) {
  const { outputFiles, metafile } = await build({ ...browserBundle(apps[name]), splitting: true });
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === '<stdin>');
  const atStartup = new Set([entry]);
  for (const file of atStartup) {
    for (const { path, kind } of metafile.outputs[file].imports) if (kind === 'import-statement') atStartup.add(path);
  }
  const files = outputFiles.filter(({ path }) => atStartup.has(relative(process.cwd(), path)));
  return { value: files.reduce((sum, { contents }) => sum + kilobytes(contents), 0) };
}

/** Measures the kilobytes of the library's own code for these imports. */
export async function own({ imports }) {
  const { size } = await bundle(`export ${imports} from 'rx-mcp';`, [keepOutside]);
  return { value: size };
}

/** Counts the modules of zod or of an SDK that are loaded with these imports. */
export async function sdkModules({ imports }) {
  const { loaded } = await bundle(`export ${imports} from 'rx-mcp';`, [keepOutside]);
  return { value: loaded.filter((path) => /^(zod|@modelcontextprotocol)(\/|$)/.test(path)).length };
}

/**
 * Bundles code for a browser, minified, in memory. Excludes modules that are loaded on demand, such as the SDK's authorization,
 * which is loaded for a connector with an `authProvider`.
 */
async function bundle(contents, plugins = []) {
  const { outputFiles, metafile } = await build({
    ...browserBundle(contents),
    plugins: [keepOnDemand, ...plugins],
  });
  const [output] = Object.values(metafile.outputs);
  const imports = output.imports.filter(({ kind }) => kind === 'import-statement');
  return {
    /** The kilobytes, compressed with gzip. */
    size: kilobytes(outputFiles[0].contents),
    /** The modules outside of the bundle that are loaded with it. */
    loaded: [...new Set(imports.map(({ path }) => path))],
  };
}

const browserBundle = (contents) => ({
  stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  metafile: true,
  conditions: ['browser'],
  tsconfigRaw: {},
  outdir: 'out',
});

/** Returns the size of a file, compressed with gzip. */
const kilobytes = (contents) => gzipSync(contents, { level: 9 }).length / 1000;

/** Excludes dynamic imports from the bundle. */
const keepOnDemand = {
  name: 'on demand',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
};

/** Excludes other packages from the bundle, but not this package and its `#` imports. */
const keepOutside = {
  name: 'outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.#/]/ }, ({ path }) => (path === 'rx-mcp' ? undefined : { path, external: true })),
};

const cli = fileURLToPath(new URL('../node_modules/rx-mcp/dist/esm/cli/main.js', import.meta.url));
const preload = new URL('../peers/heapOnSignal.mjs', import.meta.url).href;
const script = fileURLToPath(new URL('../peers/listTools.mjs', import.meta.url));

/** Measures the milliseconds from the start of the process to its first output. Returns the median of `n` starts. */
export async function list({ program, n }) {
  const server = await startServer();
  const args = program === 'rxMcp' ? [cli, 'list', server.url, 'tools'] : [script, server.url];
  const times = [];
  for (let run = 0; run < n; run++) {
    const startedAt = process.hrtime.bigint();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    times.push(Number(process.hrtime.bigint() - startedAt) / 1e6);
    child.stdout.resume();
    await once(child, 'close');
  }
  await server.stop();
  return { value: median(times) };
}

/** Starts `rx-mcp watch` and floods it with `n` notifications twice: once to warm up, and once to measure. */
async function flooded(n) {
  const server = await startServer();
  const child = spawn(process.execPath, ['--expose-gc', '--import', preload, cli, 'watch', server.url], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  let lines = 0;
  child.stdout.on('data', (chunk) => {
    for (const byte of chunk) if (byte === 10) lines++;
  });
  const flood = async (count) => {
    const expected = lines + count;
    server.flood({ n: count });
    while (lines < expected) await once(child.stdout, 'data');
  };
  const heapMegabytes = async () => {
    child.kill('SIGUSR2');
    const [bytes] = await once(child.stdio[3], 'data');
    return Number(bytes) / 2 ** 20;
  };
  await server.streamsOpen(1);
  await flood(n);
  const before = await heapMegabytes();
  const startedAt = process.hrtime.bigint();
  await flood(n);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const growth = (await heapMegabytes()) - before;
  child.kill('SIGINT');
  await once(child, 'close');
  await server.stop();
  return { growth, rate: n / seconds };
}

/** Measures the notifications per second that `rx-mcp watch` prints. */
export async function watch({ n }) {
  return { value: (await flooded(n)).rate };
}

/** Measures the megabytes by which the heap of `rx-mcp watch` grows while it prints `n` notifications, after as many others. */
export async function watchMemory({ n }) {
  return { value: (await flooded(n)).growth };
}

/** Measures the first day of backoff in virtual time of this process, in milliseconds. */
export async function virtualDay() {
  const [{ backoff, ConnectionLostError }, { virtualTime }] = await Promise.all([
    import('rx-mcp'),
    import('rx-mcp/testing'),
  ]);
  const time = virtualTime();
  defer(() => throwError(() => new ConnectionLostError('lost')))
    .pipe(retry(backoff({ scheduler: time.scheduler, jitter: 'none' })))
    .subscribe();
  const startedAt = process.hrtime.bigint();
  await time.advance(24 * 60 * 60 * 1_000);
  return { value: Number(process.hrtime.bigint() - startedAt) / 1e6 };
}
