const receive = (peer) => ({ workload: 'receiveInMemory', peer });

export const memory = {
  title: '50,000 custom notifications over a transport in memory',
  unit: 'ms',
  n: { full: 50_000, quick: 5_000 },
  warmUp: 10_000,
  variants: {
    'rx-mcp': receive('rxMcp'),
    'raw SDK': receive('rawSdk'),
    'bare reader': receive('bare'),
    'SDK v2': receive('sdkV2'),
  },
  figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 0.03 }],
};
