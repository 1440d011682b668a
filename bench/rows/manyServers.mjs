const receive = (listener, tokens) => ({ workload: 'receiveFromMany', listener, servers: 100, tokens });

export const manyServers = {
  title: '50,000 notifications from 100 servers under one client',
  unit: 'ms',
  n: { full: 50_000, quick: 10_000 },
  warmUp: 10_000,
  variants: {
    'rx-mcp': receive('together'),
    'raw SDK': receive('raw'),
    'rx-mcp, 100 subscribers': receive('byToken', 1),
    'rx-mcp, 10,000 subscribers': receive('byToken', 100),
  },
  figures: [
    { of: 'rx-mcp', to: 'raw SDK', atMost: 0.12 },
    { of: 'rx-mcp, 10,000 subscribers', to: 'rx-mcp, 100 subscribers', atMost: 1.5 },
  ],
};
