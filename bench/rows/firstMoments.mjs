const receive = (peer) => ({ workload: 'receiveHttp', peer, ids: false });

export const firstMoments = {
  title: 'the first 5,000 notifications that a fresh process hears, on one GET stream',
  unit: 'ms',
  n: { full: 5_000, quick: 5_000 },
  variants: { 'rx-mcp': receive('rxMcp'), 'raw SDK': receive('rawSdk'), 'bare reader': receive('bare') },
  figures: [
    { of: 'rx-mcp', to: 'raw SDK' },
    { of: 'rx-mcp', to: 'bare reader' },
  ],
};
