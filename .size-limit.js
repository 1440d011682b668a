const operators = ['ofMethod', 'progressOf', 'listChanged', 'resourceUpdated', 'logMessage'];

/** The library's own code, as a browser's bundler sees it: the dependencies stay outside, and so does our tsconfig. */
const own = {
  path: 'dist/esm/index.js',
  gzip: true,
  ignore: ['eventsource-parser'],
  modifyEsbuildConfig: (config) => ({ ...config, format: 'esm', tsconfigRaw: {} }),
};

export default [
  { ...own, name: 'rx-mcp', limit: '21 kB' },
  ...operators.map((name) => ({ ...own, name: `${name} alone`, import: `{ ${name} }`, limit: '1.6 kB' })),
];
