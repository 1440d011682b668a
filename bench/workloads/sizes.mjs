import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Apps for a browser: they connect, receive progress and notifications, and follow a list. */
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

/** Kilobytes of a whole app, every dependency in it. What is loaded only on demand is not counted. */
export async function app({ name }) {
  const { outputs, sizeOf } = await bundle(apps[name], { splitting: true, outdir: 'out' });
  const [entry] = Object.keys(outputs).filter((path) => outputs[path].entryPoint !== undefined);
  return { value: sizeOf(loadedWith(entry, outputs)) };
}

/** The files that load when an entry does: the entry, and what it imports statically, to any depth. */
function loadedWith(entry, outputs, files = new Set()) {
  if (files.has(entry)) return files;
  files.add(entry);
  for (const { path, kind, external } of outputs[entry].imports)
    if (kind === 'import-statement' && !external) loadedWith(path, outputs, files);
  return files;
}

/** Kilobytes of the library's own code for these imports. */
export async function own({ imports }) {
  const { outputs, sizeOf } = await bundle(`export ${imports} from 'rx-mcp';`, { plugins: [keepOutside] });
  return { value: sizeOf(Object.keys(outputs)) };
}

/** Modules of zod or of an SDK that these imports load. */
export async function sdkModules({ imports }) {
  const { outputs } = await bundle(`export ${imports} from 'rx-mcp';`, { plugins: [keepOutside] });
  const paths = Object.values(outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return { value: new Set(paths.filter((path) => /^(zod|@modelcontextprotocol)(\/|$)/.test(path))).size };
}

/** Bundles code for a browser, minified, in memory. */
async function bundle(contents, options) {
  const resolveDir = fileURLToPath(new URL('..', import.meta.url));
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir },
    absWorkingDir: resolveDir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    conditions: ['browser'],
    tsconfigRaw: {},
    outdir: 'out',
    ...options,
  });
  const contentsOf = new Map(outputFiles.map((file) => [file.path.slice(resolveDir.length), file.contents]));
  return {
    outputs: metafile.outputs,
    /** Kilobytes of these outputs after gzip, each for itself, as they are served. */
    sizeOf: (paths) =>
      [...paths].reduce((sum, path) => sum + gzipSync(contentsOf.get(path), { level: 9 }).length / 1000, 0),
  };
}

/** Other packages stay outside; this package, and its `#` imports, are bundled. */
const keepOutside = {
  name: 'outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.#/]/ }, ({ path }) => (path === 'rx-mcp' ? undefined : { path, external: true })),
};
