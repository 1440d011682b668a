/** Excludes code that is loaded on demand, such as live views, OAuth and the validation of output. */
const onDemand = {
  name: 'on demand',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
};

/** The library's own code, as a bundler for browsers resolves it. Excludes the dependencies, and does not use our tsconfig. */
const own = {
  path: 'dist/esm/index.js',
  gzip: true,
  ignore: ['eventsource-parser'],
  modifyEsbuildConfig: (config) => ({
    ...config,
    format: 'esm',
    tsconfigRaw: {},
    plugins: [...(config.plugins ?? []), onDemand],
  }),
};

const alone = (name, limit) => ({ ...own, name: `${name} alone`, import: `{ ${name} }`, limit });

/** A complete browser app with all dependencies. */
const app = (name, imports, limit) => ({
  name,
  path: 'dist/esm/index.js',
  import: imports,
  gzip: true,
  limit,
  modifyEsbuildConfig: (config) => ({ ...own.modifyEsbuildConfig(config), external: [] }),
});

const operators = 'ofMethod, progressOf, listChanged, resourceUpdated, logMessage';

/** An entry for Node without the client, because the app already contains it. */
const beside = (name, path, limit) => ({
  ...own,
  name: `${name}, beside rx-mcp`,
  path,
  limit,
  modifyEsbuildConfig: (config) => ({
    ...own.modifyEsbuildConfig(config),
    platform: 'node',
    external: [...config.external, '#platform', '../client/*', '../../client/*', '../../../client/*', './command/*'],
  }),
});

/** The path of a notification: the stream parser, the dispatcher, the hub and the operators. */
const path = {
  'dist/esm/index.js': `{ ${operators} }`,
  'dist/esm/client/http/sse/readEvents.js': '{ readEvents }',
  'dist/esm/client/http/sse/streamWatchdog.js': '{ StreamWatchdog }',
  'dist/esm/client/http/sse/seenEvents.js': '{ createSeenEvents }',
  'dist/esm/protocol/message.js': '{ parseMessage }',
  'dist/esm/client/rpc/dispatcher.js': '{ Dispatcher }',
  'dist/esm/notification/hub.js': '{ createHub }',
};

export default [
  app('an app with MCPSession, every dependency', `{ HttpConnector, MCPSession, ${operators} }`, '39.1 kB'),
  app('an app with MCPClient, every dependency', `{ MCPClient, ${operators} }`, '41.3 kB'),
  { ...own, name: 'rx-mcp, complete', limit: '35.2 kB' },
  { ...own, name: 'from the socket to a subscriber', import: path, limit: '8.3 kB' },
  { ...own, name: 'a link over HTTP', import: '{ HttpConnector, backoff }', limit: '21.8 kB' },
  { ...own, name: 'a session over HTTP', import: '{ MCPSession, HttpConnector }', limit: '31 kB' },
  {
    ...own,
    name: 'rx-mcp/stdio',
    path: 'dist/esm/client/stdio/index.js',
    ignore: [...own.ignore, 'cross-spawn'],
    modifyEsbuildConfig: (config) => ({ ...own.modifyEsbuildConfig(config), platform: 'node' }),
    limit: '13.8 kB',
  },
  {
    ...own,
    name: 'rx-mcp/redis, beside rx-mcp/server',
    path: 'dist/esm/server/redis/index.js',
    ignore: [...own.ignore, '@redis/client'],
    modifyEsbuildConfig: (config) => ({
      ...own.modifyEsbuildConfig(config),
      platform: 'node',
      // Already contained in the server.
      external: [...config.external, '../../util/*', '../../errors.js', '../takeContiguous.js'],
    }),
    limit: '2.6 kB',
  },
  { ...own, name: 'rx-mcp/modern', path: 'dist/esm/client/modern/index.js', limit: '23.5 kB' },
  {
    ...own,
    name: 'rx-mcp/server',
    path: 'dist/esm/server/index.js',
    modifyEsbuildConfig: (config) => ({
      ...own.modifyEsbuildConfig(config),
      // Already contained in the client.
      external: [
        ...config.external,
        '../util/*',
        '../errors.js',
        '../notification/*',
        '../operator/*',
        '../protocol/*',
      ],
    }),
    limit: '25.9 kB',
  },
  beside('rx-mcp/testing', 'dist/esm/testing/index.js', '10.1 kB'),
  beside('rx-mcp/testing/node', 'dist/esm/testing/node/index.js', '5.7 kB'),
  beside('rx-mcp on the command line, without its commands', 'dist/esm/cli/main.js', '6 kB'),
  // Includes the schemas.
  alone('ofMethod', '2.6 kB'),
  ...['progressOf', 'listChanged', 'logMessage'].map((name) => alone(name, '1.3 kB')),
  // Includes the comparison of URIs.
  alone('resourceUpdated', '2 kB'),
  alone('backoff', '1.7 kB'),
];
