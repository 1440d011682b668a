const receive = (peer) => ({ workload: 'receiveStdio', peer });

export const stdio = {
  title: '50,000 custom notifications over the standard output of a program',
  unit: 'ms',
  n: { full: 50_000, quick: 5_000 },
  warmUp: 10_000,
  variants: {
    'rx-mcp': receive('rxMcp'),
    'raw SDK': receive('rawSdk'),
    'bare reader': receive('bare'),
    'SDK v2': receive('sdkV2'),
  },
  figures: [
    { of: 'rx-mcp', to: 'raw SDK', atMost: 0.2 },
    { of: 'rx-mcp', to: 'raw SDK', atMost: 0.07, stretch: true },
  ],
};
