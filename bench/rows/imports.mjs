export const imports = {
  title: 'modules of zod or an SDK loaded at run time',
  unit: '',
  rounds: 1,
  variants: {
    'core entry': { workload: 'sdkModulesIn', imports: '*' },
    'the operators': {
      workload: 'sdkModulesIn',
      imports: '{ ofMethod, progressOf, listChanged, resourceUpdated, logMessage }',
    },
  },
  figures: [{ of: 'the operators', atMost: 0 }],
};
