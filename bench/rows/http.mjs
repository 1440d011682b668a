const receive = (peer, ids) => ({ workload: 'receiveHttp', peer, ids });

export const http = {
  title: '50,000 custom notifications on one GET stream',
  unit: 'ms',
  n: { full: 50_000, quick: 5_000 },
  warmUp: 10_000,
  variants: {
    'rx-mcp': receive('rxMcp', false),
    'raw SDK': receive('rawSdk', false),
    'bare reader': receive('bare', false),
    'SDK v2': receive('sdkV2', false),
    'mcp-use': receive('mcpUse', false),
    'rx-mcp, event ids': receive('rxMcp', true),
    'raw SDK, event ids': receive('rawSdk', true),
    'bare reader, event ids': receive('bare', true),
  },
  figures: [
    { of: 'rx-mcp', to: 'raw SDK', atMost: 0.12 },
    { of: 'rx-mcp', to: 'bare reader', atMost: 1.3 },
    { of: 'rx-mcp, event ids', to: 'raw SDK, event ids', atMost: 0.136 },
    { of: 'rx-mcp, event ids', to: 'bare reader, event ids' },
  ],
};
