const receive = (peer) => ({ workload: 'receiveModern', peer });

export const modern = {
  title: '50,000 updates of a resource on one subscription of protocol 2026-07-28',
  unit: 'ms',
  n: { full: 50_000, quick: 5_000 },
  warmUp: 10_000,
  variants: {
    'rx-mcp': receive('rxMcpModern'),
    'SDK v2': receive('sdkV2Modern'),
    'bare reader': receive('bareModern'),
  },
  figures: [
    { of: 'rx-mcp', to: 'SDK v2', atMost: 0.15 },
    { of: 'rx-mcp', to: 'bare reader' },
  ],
};
