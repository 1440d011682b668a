const hold = (peer) => ({ workload: 'holdSessions', peer });

export const heap = {
  title: 'heap of an HTTP session with five subscriptions, one of 1,000',
  unit: 'kB',
  n: { full: 1_000, quick: 100 },
  variants: {
    'rx-mcp': hold('rxMcp'),
    'raw SDK': hold('rawSdk'),
    'SDK v2': hold('sdkV2'),
    'bare fetch': hold('bareSession'),
  },
  figures: [
    { of: 'rx-mcp', to: 'raw SDK', atMost: 0.9 },
    { of: 'rx-mcp', to: 'raw SDK', atMost: 0.6, stretch: true },
    { of: 'rx-mcp', to: 'bare fetch' },
  ],
};
