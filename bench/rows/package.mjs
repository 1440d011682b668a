const operators = '{ ofMethod, progressOf, listChanged, resourceUpdated, logMessage }';
const own = (imports) => ({ workload: 'package.own', imports });
const sdkModules = (imports) => ({ workload: 'package.sdkModules', imports });
const app = (name) => ({ workload: 'package.app', name });
const download = (name) => ({ workload: 'package.download', name });

/** Rows for the size of the package in a browser bundle. */
export const sizes = {
  size: {
    title: 'own code that is loaded at startup, minified and gzipped',
    unit: 'kB',
    rounds: 1,
    variants: {
      '`ofMethod`, with schemas': own('{ ofMethod }'),
      '`progressOf`': own('{ progressOf }'),
      'all operators': own(operators),
      '`backoff`, with the validation of its options': own('{ backoff }'),
      '`HttpConnector` and `backoff`, with resumption and gaps': own('{ HttpConnector, backoff }'),
      'a session over HTTP, with calls, roots, live views and server requests': own('{ HttpConnector, MCPSession }'),
      'the root entry, with `MCPClient` and its configuration': own('*'),
    },
    figures: [{ of: 'the root entry, with `MCPClient` and its configuration', atMost: 6 }],
  },
  app: {
    title: 'a whole app for a browser with every dependency, minified and gzipped',
    unit: 'kB',
    rounds: 1,
    variants: { 'rx-mcp': app('session'), 'rx-mcp, MCPClient': app('client'), 'raw SDK': app('rawSdk') },
    figures: [
      { of: 'rx-mcp', atMost: 40 },
      { of: 'rx-mcp, MCPClient', atMost: 45 },
      { of: 'rx-mcp', to: 'raw SDK' },
    ],
  },
  download: {
    title: 'the same apps, as downloaded at startup if the bundler splits the code',
    unit: 'kB',
    rounds: 1,
    variants: { 'rx-mcp': download('session'), 'rx-mcp, MCPClient': download('client'), 'raw SDK': download('rawSdk') },
    figures: [
      { of: 'rx-mcp', to: 'raw SDK', atMost: 0.55 },
      { of: 'rx-mcp, MCPClient', to: 'raw SDK' },
    ],
  },
  imports: {
    title: 'modules of zod or an SDK that are loaded at startup',
    unit: 'modules',
    rounds: 1,
    variants: { 'the root entry': sdkModules('*'), 'all operators': sdkModules(operators) },
    figures: [
      { of: 'the root entry', atMost: 0 },
      { of: 'all operators', atMost: 0 },
    ],
  },
};

/** Rows for the command line. */
export const commandLine = {
  list: {
    title: 'from the start of `rx-mcp list <url>` to its first output',
    unit: 'ms',
    n: { full: 15, quick: 5 },
    variants: {
      'rx-mcp': { workload: 'package.list', program: 'rxMcp' },
      'raw SDK': { workload: 'package.list', program: 'rawSdk' },
    },
    figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 1.2 }],
  },
  watch: {
    title: 'notifications printed by `rx-mcp watch`, into a pipe',
    unit: '/s',
    n: { full: 200_000, quick: 50_000 },
    variants: { 'rx-mcp': { workload: 'package.watch' } },
    figures: [{ of: 'rx-mcp', atLeast: 10_000 }],
  },
  watchMemory: {
    title: 'growth of the heap of `rx-mcp watch` from the first n notifications to the next n',
    unit: 'MB',
    n: { full: 200_000, quick: 50_000 },
    variants: { 'rx-mcp': { workload: 'package.watchMemory' } },
    figures: [{ of: 'rx-mcp', atMost: 1 }],
  },
};

/** Rows for the test kit. */
export const testKit = {
  virtualDay: {
    title: 'a day of backoff in virtual time, the first in its process',
    unit: 'ms',
    variants: { 'rx-mcp': { workload: 'package.virtualDay' } },
    figures: [{ of: 'rx-mcp', atMost: 100 }],
  },
};
