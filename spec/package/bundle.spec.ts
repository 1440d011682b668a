import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';

/** Every exported value of each entry. A new name belongs to the public API, so it must be added here deliberately. */
const NAMES: Record<string, string[]> = {
  'rx-mcp': [
    'ConfigError',
    'ConnectionFailedError',
    'ConnectionLostError',
    'HandlerError',
    'HttpConnector',
    'InvalidNotificationError',
    'InvalidResultError',
    'InvalidRootsError',
    'MCPClient',
    'MCPError',
    'MCPSession',
    'RequestCancelledError',
    'RequestTimeoutError',
    'ServerError',
    'SessionClosedError',
    'SessionExpiredError',
    'TransportConnector',
    'UnauthorizedError',
    'backoff',
    'boundedConcatMap',
    'isRetryable',
    'listChanged',
    'listDiff',
    'logMessage',
    'ofMethod',
    'progressOf',
    'resourceUpdated',
  ],
  'rx-mcp/stdio': ['StdioConnector'],
  'rx-mcp/modern': ['clientOf', 'modern'],
  'rx-mcp/redis': ['redisBackplane'],
  'rx-mcp/server': [
    'ConnectionLostError',
    'MCPServer',
    'ServerError',
    'SessionClosedError',
    'log',
    'memoryBackplane',
    'notification',
    'progress',
    'prompt',
    'resource',
    'toNodeHandler',
    'tool',
    'toolsOf',
  ],
  'rx-mcp/testing': ['LeftOpenError', 'recording', 'replaying', 'simulateNetwork', 'virtualTime'],
  'rx-mcp/testing/node': ['recordingFile', 'serve'],
};

/** Operators that are bundled separately. */
const OPERATORS = ['ofMethod', 'progressOf', 'listChanged', 'resourceUpdated', 'logMessage'];

const run = promisify(execFile);
const root = resolve(__dirname, '../..');
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** A project in which the packed package and its dependencies are installed. */
let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'rx-mcp-'));
  const packageDir = join(project, 'package');
  const modules = join(project, 'node_modules');
  mkdirSync(packageDir);
  mkdirSync(join(modules, 'rx-mcp'), { recursive: true });

  for (const file of ['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md']) {
    if (existsSync(join(root, file))) copyFileSync(join(root, file), join(packageDir, file));
  }
  const rollup = join(root, 'node_modules/.bin/rollup');
  await run(rollup, ['--config', '--failAfterWarnings', '--configOut', join(packageDir, 'dist')], { cwd: root });
  const { stdout } = await run('npm', ['pack', packageDir, '--silent', '--ignore-scripts'], { cwd: project });
  await run('tar', ['-xzf', stdout.trim(), '-C', join(modules, 'rx-mcp'), '--strip-components', '1'], { cwd: project });

  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Returns the output of Node when it runs this source in the project. */
const evaluate = async (type: 'module' | 'commonjs', source: string): Promise<string> =>
  (await run('node', [`--input-type=${type}`, '--eval', source], { cwd: project })).stdout.trim();

/** Bundles a line of user code for a browser. Imports of Node built-ins are left in place, so that they can be detected. */
const bundle = async (source: string): Promise<Metafile> =>
  (
    await build({
      stdin: { contents: source, resolveDir: project },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [
        {
          name: 'built-ins stay outside',
          setup: ({ onResolve }) =>
            onResolve({ filter: /^[^./]/ }, ({ path }) => (isBuiltin(path) ? { path, external: true } : undefined)),
        },
      ],
    })
  ).metafile;

/** Returns every import of a Node built-in as `importer -> built-in`. */
const builtIns = ({ inputs }: Metafile): string[] =>
  Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ path, external }) => external && isBuiltin(path)).map(({ path }) => `${file} -> ${path}`),
  );

/** Returns the files that contribute code to the output. */
const included = ({ outputs }: Metafile): string[] =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );

describe('the packed package', () => {
  describe.each(Object.entries(NAMES))('%s', (entry, names) => {
    it('exports these names to import', async () => {
      const script = `import * as all from '${entry}'; console.log(JSON.stringify(Object.keys(all).sort()))`;
      expect(JSON.parse(await evaluate('module', script))).toEqual([...names].sort());
    });

    it('exports the same names to require', async () => {
      const script = `console.log(JSON.stringify(Object.keys(require('${entry}')).sort()))`;
      expect(JSON.parse(await evaluate('commonjs', script))).toEqual([...names].sort());
    });
  });

  it('lists every entry above', () => {
    const { exports } = JSON.parse(readFileSync(join(project, 'node_modules/rx-mcp/package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    const entries = Object.keys(exports).filter((path) => !path.endsWith('.json'));
    expect(Object.keys(NAMES)).toEqual(entries.map((path) => `rx-mcp${path.slice(1)}`));
  });
});

describe('without @modelcontextprotocol/client', () => {
  const sdk = '@modelcontextprotocol/client';

  beforeAll(() => rmSync(join(project, 'node_modules', sdk)));
  afterAll(() => symlinkSync(join(root, 'node_modules', sdk), join(project, 'node_modules', sdk), 'dir'));

  it.each([
    { type: 'module', load: (names: string, entry: string) => `import ${names} from '${entry}';` },
    { type: 'commonjs', load: (names: string, entry: string) => `const ${names} = require('${entry}');` },
  ] as const)('rejects with the package to install, in a $type', async ({ type, load }) => {
    const source = `
      ${load('{ HttpConnector, MCPSession }', 'rx-mcp')}
      ${load('{ modern }', 'rx-mcp/modern')}
      new MCPSession(new HttpConnector('http://127.0.0.1:1/mcp', { engine: modern() }))
        .connect()
        .catch(({ name, message, retryable, path }) => console.log(JSON.stringify({ name, message, retryable, path })));`;
    expect(JSON.parse(await evaluate(type, source))).toEqual({
      name: 'ConfigError',
      message: expect.stringContaining(`npm install ${sdk}`) as string,
      retryable: false,
      path: 'engine',
    });
  });
});

/** The beginning of a program that serves MCP, and records the URLs of the scripts that are loaded. */
const servingProgram = (type: 'module' | 'commonjs'): string => `
  ${type === 'module' ? "import { createServer } from 'node:http'; import { Session } from 'node:inspector'; import { existsSync, renameSync } from 'node:fs';" : "const { createServer } = require('node:http'); const { Session } = require('node:inspector'); const { existsSync, renameSync } = require('node:fs');"}
  const urls = [];
  const inspector = new Session();
  inspector.connect();
  inspector.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url));
  inspector.post('Debugger.enable');
  const typed = { name: 'typed', inputSchema: { type: 'object' }, outputSchema: { type: 'object' } };
  let tools = [typed];
  const results = {
    initialize: () => ({
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, logging: {} },
      serverInfo: { name: 's', version: '1' },
    }),
    'tools/list': () => ({ tools }),
    'tools/call': ({ name }) => (name === 'task' ? { task: { taskId: 't' } } : { content: [], structuredContent: {} }),
    'tasks/get': () => ({ taskId: 't', status: 'completed' }),
    'tasks/result': () => ({ content: [] }),
    'logging/setLevel': () => ({}),
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { id, method, params } = text ? JSON.parse(text) : {};
    if (request.url === '/moved') return response.writeHead(307, { location: '/' }).end();
    if (request.url === '/absent') return response.writeHead(404).end();
    if (request.url === '/private') return response.writeHead(401).end();
    if (id === undefined) return response.writeHead(request.method === 'GET' ? 405 : 202).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: results[method](params) }));
  });
  const load = () => ${type === 'module' ? "import('rx-mcp')" : "Promise.resolve(require('rx-mcp'))"};
  const loadRx = () => ${type === 'module' ? "import('rxjs')" : "Promise.resolve(require('rxjs'))"};`;

/** Prints which packages are loaded once a session is connected, and once a tool with a schema is listed. */
const packagesProgram = (type: 'module' | 'commonjs'): string => `
  ${servingProgram(type)}
  const packages = () => [...new Set(urls.map((url) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]).filter(Boolean))].sort();
  server.listen(0, '127.0.0.1', async () => {
    const { HttpConnector, MCPSession } = await load();
    const session = new MCPSession(new HttpConnector('http://127.0.0.1:' + server.address().port));
    await session.connect();
    const connected = packages();
    await session.listTools();
    await session.callTool('typed');
    console.log(JSON.stringify({ connected, called: packages() }));
    await session.disconnect();
    server.close();
  });`;

/** What loads code on demand, as statements of {@link partsProgram}, and the modules that it loads. */
const firstUses: { use: string; statements: string; modules: string[] }[] = [
  { use: 'tools$', statements: 'await firstValueFrom(session.tools$);', modules: ['session/live/liveViews'] },
  { use: 'setLoggingLevel', statements: "await session.setLoggingLevel('error');", modules: ['onDemand/rareFeatures'] },
  {
    use: 'the option `output`',
    statements: `
      const output = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
      await session.callTool('plain', {}, { output });`,
    modules: ['onDemand/outputs'],
  },
  {
    use: 'an output schema',
    statements: `
      tools = [typed];
      await session.listTools();
      await session.callTool('typed');`,
    modules: ['onDemand/outputs'],
  },
  {
    use: 'a task',
    statements: "await session.callTool('task').catch(() => undefined);",
    modules: ['onDemand/rareFeatures'],
  },
  {
    use: 'session.transport()',
    statements: `
      const transport = session.transport();
      await transport.start();
      await transport.close();`,
    modules: ['onDemand/rareFeatures'],
  },
  {
    use: 'a redirect',
    statements: `
      const moved = new MCPSession(new HttpConnector(url + '/moved'));
      await moved.connect();
      await moved.disconnect();`,
    modules: ['onDemand/rareFeatures'],
  },
  {
    use: 'a server of HTTP+SSE',
    statements: "await new MCPSession(new HttpConnector(url + '/absent')).connect().catch(() => undefined);",
    modules: ['onDemand/rareFeatures'],
  },
  {
    use: 'a server that requires authorization',
    statements: `
      const authProvider = { tokens: async () => undefined };
      await new MCPSession(new HttpConnector(url + '/private', { authProvider })).connect().catch(() => undefined);`,
    modules: ['onDemand/rareFeatures'],
  },
];

/** Prints which modules are loaded on demand before and after a first use. */
const partsProgram = (type: 'module' | 'commonjs', statements: string): string => `
  ${servingProgram(type)}
  const modules = () =>
    ['session/live/liveViews', 'onDemand/outputs', 'onDemand/rareFeatures'].filter((name) =>
      urls.some((url) => url.includes('/client/' + name + '.')),
    );
  server.listen(0, '127.0.0.1', async () => {
    const { HttpConnector, MCPSession } = await load();
    const { firstValueFrom } = await loadRx();
    const url = 'http://127.0.0.1:' + server.address().port;
    tools = [{ name: 'plain', inputSchema: { type: 'object' } }];
    const session = new MCPSession(new HttpConnector(url));
    await session.connect();
    await session.listTools();
    await session.callTool('plain');
    const before = modules();
    ${statements}
    console.log(JSON.stringify({ before, after: modules() }));
    await session.disconnect();
    server.close();
  });`;

/** Removes the modules that are loaded on demand for a while, and prints what a session does in the meantime and afterwards. */
const missingPartsProgram = (type: 'module' | 'commonjs'): string => `
  ${servingProgram(type)}
  const files = ['session/live/liveViews', 'onDemand/outputs', 'onDemand/rareFeatures'].map(
    (part) => 'node_modules/rx-mcp/dist/${type === 'module' ? 'esm' : 'cjs'}/client/' + part + '.${type === 'module' ? 'js' : 'cjs'}',
  );
  const restore = () => {
    for (const file of files) if (existsSync(file + '.away')) renameSync(file + '.away', file);
  };
  for (const file of files) renameSync(file, file + '.away');
  process.on('exit', restore);
  server.listen(0, '127.0.0.1', async () => {
    const { HttpConnector, MCPSession } = await load();
    const { firstValueFrom } = await loadRx();
    const session = new MCPSession(new HttpConnector('http://127.0.0.1:' + server.address().port));
    const shownError = ({ name, message, retryable }) => ({ name, message: message.replace(/(cannot|Cannot) find [^]*/i, '...'), retryable });
    const errors = [];
    const failed = new Promise((resolve) => session.errors$.subscribe((error) => resolve(errors.push(shownError(error)))));
    const listed = firstValueFrom(session.tools$);
    await session.connect();
    await failed;
    await session.listTools();
    const failureOf = (name) => session.callTool(name).catch((error) => ({ ...shownError(error), result: error.result }));
    const call = await failureOf('typed');
    const task = await failureOf('task');
    const { state } = await firstValueFrom(session.status$);
    restore();
    const tools = await listed;
    const result = await session.callTool('typed');
    console.log(JSON.stringify({ errors, state, call, task, tools, result }));
    await session.disconnect();
    server.close();
  });`;

describe('at run time', () => {
  it.each(['module', 'commonjs'] as const)('loads no SDK without an authProvider, in a %s', async (type) => {
    const { connected, called } = JSON.parse(await evaluate(type, packagesProgram(type))) as Record<string, string[]>;

    expect(connected).toEqual(
      ['eventsource-parser', 'rx-mcp', 'rxjs', 'tslib'].filter((name) => connected?.includes(name)),
    );
    expect(connected).toContain('rxjs');
    expect(called?.filter((name) => !connected?.includes(name))).toEqual(['@cfworker/json-schema']);
  });

  it.each(firstUses.flatMap((first) => (['module', 'commonjs'] as const).map((type) => ({ ...first, type }))))(
    'loads $modules on the first use of $use, in a $type',
    async ({ type, statements, modules }) => {
      expect(JSON.parse(await evaluate(type, partsProgram(type, statements)))).toEqual({ before: [], after: modules });
    },
  );

  it.each(['module', 'commonjs'] as const)(
    'reports parts that cannot be loaded, and loads them later, in a %s',
    async (type) => {
      const typed = { name: 'typed', inputSchema: { type: 'object' }, outputSchema: { type: 'object' } };
      const result = { content: [], structuredContent: {} };

      expect(JSON.parse(await evaluate(type, missingPartsProgram(type)))).toEqual({
        errors: [{ name: 'ConnectionFailedError', message: 'loading live views: ...', retryable: true }],
        state: 'connected',
        call: {
          name: 'InvalidResultError',
          message: 'tools/call: cannot read the result of "typed" (...',
          retryable: false,
          result,
        },
        task: {
          name: 'InvalidResultError',
          message: 'tools/call: cannot read the result of "task" (...',
          retryable: false,
          result: { content: [], task: { taskId: 't' } },
        },
        tools: [typed],
        result,
      });
    },
  );

  it('loads no part while virtual time advances', async () => {
    const program = `
      import { MCPSession } from 'rx-mcp';
      import { MCPServer, tool } from 'rx-mcp/server';
      import { simulateNetwork, virtualTime } from 'rx-mcp/testing';

      const time = virtualTime();
      const { scheduler } = time;
      const server = new MCPServer({ name: 's', version: '1' }, { tools: [tool('echo', {}, () => 'x')] });
      const network = simulateNetwork(server, { scheduler });
      const session = new MCPSession(network.connector(), { scheduler });
      const lists = time.watch(session.tools$);
      void session.connect();
      await time.advance(100);
      console.log(JSON.stringify(lists.frames));
      process.exit();`;

    expect(JSON.parse(await evaluate('module', program))).toHaveLength(1);
  });
});

describe('in Jest with jsdom', () => {
  it('is required, and connects, without a transform', async () => {
    writeFileSync(
      join(project, 'jsdom.test.js'),
      `
      const { firstValueFrom } = require('rxjs');
      const { MCPSession, TransportConnector, ofMethod } = require('rx-mcp');

      const initialized = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } };
      const typed = { name: 'typed', inputSchema: { type: 'object' }, outputSchema: { type: 'object', required: ['n'] } };

      /** A server in memory that notifies once the client is initialized. */
      function createTransport() {
        const transport = {
          start: async () => undefined,
          close: async () => transport.onclose?.(),
          async send({ id, method }) {
            if (method === 'initialize') transport.onmessage({ jsonrpc: '2.0', id, result: initialized });
            if (method === 'notifications/initialized') transport.onmessage({ jsonrpc: '2.0', method: 'custom/ready' });
            if (method === 'tools/list') transport.onmessage({ jsonrpc: '2.0', id, result: { tools: [typed] } });
            if (method === 'tools/call') transport.onmessage({ jsonrpc: '2.0', id, result: { content: [], structuredContent: {} } });
          },
        };
        return transport;
      }

      test('receives a notification', async () => {
        expect(typeof document).toBe('object');
        const session = new MCPSession(new TransportConnector(createTransport));
        const ready = firstValueFrom(session.notifications$.pipe(ofMethod('custom/ready')));
        await session.connect();
        expect(await ready).toMatchObject({ method: 'custom/ready' });
        await session.disconnect();
      });

      test('loads what is needed on demand', async () => {
        const session = new MCPSession(new TransportConnector(createTransport));
        await session.connect();
        await session.listTools();
        await expect(session.callTool('typed')).rejects.toMatchObject({ name: 'InvalidResultError' });
        const guest = session.transport();
        await guest.start();
        await guest.close();
        await session.disconnect();
      });`,
    );
    const config = {
      testEnvironment: require.resolve('jest-environment-jsdom'),
      transform: {},
      testMatch: ['**/jsdom.test.js'],
    };
    const jest = join(root, 'node_modules/.bin/jest');

    const { stderr } = await run(jest, ['--rootDir', project, '--config', JSON.stringify(config)], { cwd: project });

    expect(stderr).toContain('2 passed');
  }, 60_000);
});

describe('in a browser', () => {
  it('imports no Node built-in from the root entry', async () => {
    const metafile = await bundle(`export * from 'rx-mcp'`);
    expect(included(metafile)).toContainEqual(expect.stringContaining('platform/browser.js'));
    expect(builtIns(metafile)).toEqual([]);
  });

  it('detects an import of a Node built-in', async () => {
    expect(builtIns(await bundle(`export * from 'rx-mcp/stdio'`))).not.toEqual([]);
  });

  it.each(OPERATORS)('%s alone contains neither zod nor the SDK', async (operator) => {
    const files = included(await bundle(`export { ${operator} } from 'rx-mcp'`));
    expect(files).toContainEqual(expect.stringContaining(`notification/${operator}.js`));
    expect(files.filter((file) => /node_modules\/(zod|@modelcontextprotocol)\//.test(file))).toEqual([]);
  });
});
