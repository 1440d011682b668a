const drop = (peer) => ({ workload: 'dropStream', peer });

export const dropped = {
  title: 'from the cut of the GET stream to the first notification after',
  unit: 'ms',
  n: { full: 5, quick: 2 },
  variants: {
    'rx-mcp': drop('rxMcp'),
    'raw SDK': drop('rawSdk'),
    'SDK v2': drop('sdkV2'),
    'mcp-use': drop('mcpUse'),
  },
  figures: [{ of: 'rx-mcp', to: 'raw SDK', atMost: 0.05 }],
};
