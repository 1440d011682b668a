const restart = (peer, reconnect) => ({ workload: 'restartServer', peer, reconnect, patience: 10_000 });

export const restarted = {
  title: 'from the return of a server that forgot its sessions to the first notification after',
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
};
