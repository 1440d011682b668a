/** The library's own code, as a browser's bundler sees it: the dependencies stay outside, and so does our tsconfig. */
const own = {
  path: 'dist/esm/index.js',
  gzip: true,
  ignore: ['eventsource-parser'],
  modifyEsbuildConfig: (config) => ({ ...config, format: 'esm', tsconfigRaw: {} }),
};

const alone = (name, limit) => ({ ...own, name: `${name} alone`, import: `{ ${name} }`, limit });

/** What a notification goes through: reading a stream, the tap, the hub; with the operators on it. */
const path = {
  'dist/esm/index.js': '{ ofMethod, progressOf, listChanged, resourceUpdated, logMessage }',
  'dist/esm/client/http/sse/readEvents.js': '{ eventsOf }',
  'dist/esm/client/http/sse/watchdog.js': '{ watchdog }',
  'dist/esm/client/http/sse/seenEvents.js': '{ createRepetition }',
  'dist/esm/protocol/message.js': '{ parseMessage }',
  'dist/esm/connection/tap.js': '{ createTap }',
  'dist/esm/notification/hub.js': '{ createHub }',
};

export default [
  { ...own, name: 'rx-mcp, all of it', limit: '24.8 kB' },
  { ...own, name: 'from the socket to a subscriber', import: path, limit: '6 kB' },
  { ...own, name: 'a link over HTTP', import: '{ HttpConnector, backoff }', limit: '15.6 kB' },
  { ...own, name: 'a session over HTTP', import: '{ MCPSession, HttpConnector }', limit: '22.2 kB' },
  {
    ...own,
    name: 'rx-mcp/stdio',
    path: 'dist/esm/client/stdio/index.js',
    ignore: [...own.ignore, 'cross-spawn'],
    modifyEsbuildConfig: (config) => ({ ...own.modifyEsbuildConfig(config), platform: 'node' }),
    limit: '9.2 kB',
  },
  {
    ...own,
    name: 'rx-mcp/redis, beside rx-mcp/server',
    path: 'dist/esm/server/redis/index.js',
    ignore: [...own.ignore, '@redis/client'],
    modifyEsbuildConfig: (config) => ({
      ...own.modifyEsbuildConfig(config),
      platform: 'node',
      // What the server has already.
      external: [...config.external, '../../util/*', '../../errors.js', '../contiguous.js'],
    }),
    limit: '2 kB',
  },
  {
    ...own,
    name: 'rx-mcp/server',
    path: 'dist/esm/server/index.js',
    modifyEsbuildConfig: (config) => ({
      ...own.modifyEsbuildConfig(config),
      // What the client has already.
      external: [
        ...config.external,
        '../util/*',
        '../errors.js',
        '../notification/*',
        '../operator/*',
        '../protocol/*',
      ],
    }),
    limit: '20 kB',
  },
  { ...own, name: 'rx-mcp/modern', path: 'dist/esm/client/modern/index.js', limit: '14.3 kB' },
  // It has the schemas besides.
  alone('ofMethod', '1.3 kB'),
  ...['progressOf', 'listChanged', 'resourceUpdated', 'logMessage'].map((name) => alone(name, '1 kB')),
  alone('backoff', '1.2 kB'),
];
