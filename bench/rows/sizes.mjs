const operators = '{ ofMethod, progressOf, listChanged, resourceUpdated, logMessage }';
const own = (imports) => ({ workload: 'sizes.own', imports });
const sdkModules = (imports) => ({ workload: 'sizes.sdkModules', imports });
const app = (name) => ({ workload: 'sizes.app', name });

/** Rows for what a bundler makes of the package, for a browser. */
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
