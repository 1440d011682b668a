const operators = ['ofMethod', 'progressOf', 'listChanged', 'resourceUpdated', 'logMessage'];

export const size = {
  title: 'own code, minified and gzipped',
  unit: 'kB',
  rounds: 1,
  variants: {
    'core entry': { workload: 'sizeOf', imports: '*' },
    'the operators': { workload: 'sizeOf', imports: `{ ${operators.join(', ')} }` },
  },
  figures: [{ of: 'core entry', atMost: 6 }],
};
