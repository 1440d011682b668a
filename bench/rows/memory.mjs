const receive = (peer) => ({ workload: 'receiveInMemory', peer });

/** More than elsewhere: 50,000 take less time here than V8 takes to compile what they go through. */
export const memory = {
  title: '200,000 custom notifications over a transport in memory',
  unit: 'ms',
  n: { full: 200_000, quick: 20_000 },
  warmUp: 50_000,
  variants: {
    'rx-mcp': receive('rxMcp'),
    'raw SDK': receive('rawSdk'),
    'bare reader': receive('bare'),
    'SDK v2': receive('sdkV2'),
  },
  figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 0.03 }],
};
