const hold = (peer) => ({ workload: 'sessions.hold', peer });
const connectMany = (peer) => ({ workload: 'sessions.connect', peer });
const drop = (peer) => ({ workload: 'sessions.dropStream', peer });
const restart = (peer, reconnect) => ({ workload: 'sessions.restart', peer, reconnect, timeoutMs: 10_000 });

/** Rows for sessions: what they cost, and how soon they recover. */
export const sessions = {
  heap: {
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
  },
  connect: {
    title: 'sessions connected and listening per second, ten at a time',
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
  },
  dropped: {
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
  },
  restarted: {
    title: 'from the return of a server that lost its sessions to the first notification after',
    unit: 'ms',
    variants: {
      'rx-mcp': restart('rxMcp'),
      'rx-mcp, 20 ms between attempts': restart('rxMcp', { initialDelay: 20, maxDelay: 20, jitter: 'none' }),
      'raw SDK': restart('rawSdk'),
      'SDK v2': restart('sdkV2'),
      'mcp-use': restart('mcpUse'),
    },
    figures: [
      { of: 'rx-mcp', atMost: 10_000 },
      { of: 'rx-mcp, 20 ms between attempts', atMost: 50 },
      { of: 'raw SDK', never: true },
    ],
  },
};
