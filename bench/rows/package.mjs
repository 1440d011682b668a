const operators = '{ ofMethod, progressOf, listChanged, resourceUpdated, logMessage }';
const own = (imports) => ({ workload: 'package.own', imports });
const sdkModules = (imports) => ({ workload: 'package.sdkModules', imports });
const app = (name) => ({ workload: 'package.app', name });

/** Rows for the size of the package in a browser bundle. */
export const sizes = {
  size: {
    title: 'own code, minified and gzipped',
    unit: 'kB',
    rounds: 1,
    variants: { 'core entry': own('*'), 'the operators': own(operators) },
    figures: [{ of: 'core entry', atMost: 6 }],
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
  imports: {
    title: 'modules of zod or an SDK loaded at run time',
    unit: '',
    rounds: 1,
    variants: { 'core entry': sdkModules('*'), 'the operators': sdkModules(operators) },
    figures: [
      { of: 'core entry', atMost: 0 },
      { of: 'the operators', atMost: 0 },
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
