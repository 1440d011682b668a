const connectMany = (peer) => ({ workload: 'connectSessions', peer });

export const connect = {
  title: 'sessions connected and listening a second, ten at a time',
  unit: '/s',
  n: { full: 1_000, quick: 100 },
  variants: {
    'rx-mcp': connectMany('rxMcp'),
    'raw SDK': connectMany('rawSdk'),
    'SDK v2': connectMany('sdkV2'),
    'bare fetch': connectMany('bareSession'),
  },
  figures: [
    { of: 'rx-mcp', to: 'raw SDK', atLeast: 1.1 },
    { of: 'rx-mcp', to: 'bare fetch' },
  ],
};
